// SPDX-License-Identifier: Apache-2.0
#include "ops/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace scoreboard;

BOOST_AUTO_TEST_SUITE(log_output)

namespace {

// What is written to standard error between its construction and text().
class CapturedError {
 public:
  CapturedError() : file_(::tmpfile()), saved_(::dup(STDERR_FILENO)) {
    ::fcntl(::fileno(file_), F_SETFL, O_APPEND);
    ::dup2(::fileno(file_), STDERR_FILENO);
  }
  ~CapturedError() {
    restore();
    std::fclose(file_);
  }
  CapturedError(const CapturedError&) = delete;
  CapturedError& operator=(const CapturedError&) = delete;

  std::string text() {
    restore();
    std::string all;
    std::rewind(file_);
    char piece[4096];
    while (const std::size_t got = std::fread(piece, 1, sizeof piece, file_)) {
      all.append(piece, got);
    }
    return all;
  }

 private:
  void restore() {
    if (saved_ < 0) return;
    ::dup2(saved_, STDERR_FILENO);
    ::close(saved_);
    saved_ = -1;
  }

  std::FILE* file_;
  int saved_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_line_goes_to_standard_error) {
  CapturedError error;
  log::write(log::Level::info, "started", {{"threads", 64}});
  const std::string text = error.text();
  BOOST_TEST(text.starts_with("{\"time\":\"20"));
  BOOST_TEST(text.ends_with("\"level\":\"info\",\"event\":\"started\",\"threads\":64}\n"));
}

BOOST_AUTO_TEST_CASE(lines_below_the_level_are_not_written) {
  CapturedError error;
  log::write(log::Level::debug, "not by default");
  log::set_level(log::Level::error);
  log::write(log::Level::warning, "not any more");
  log::write(log::Level::error, "this one");
  log::set_level(log::Level::debug);
  log::write(log::Level::debug, "and this");
  log::set_level(log::Level::info);
  const std::string text = error.text();
  BOOST_TEST(std::ranges::count(text, '\n') == 2);
  BOOST_TEST(text.find("this one") < text.find("and this"));
}

BOOST_AUTO_TEST_CASE(lines_of_many_threads_do_not_mix) {
  CapturedError error;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (char name = 'a'; name < 'i'; ++name) {
    threads.emplace_back([name] {
      const std::string text(900, name);
      for (int i = 0; i < 50; ++i) log::write(log::Level::info, "many", {{"text", text}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::istringstream lines(error.text());
  int whole = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string text(900, line.size() > 100 ? line[line.size() - 3] : '?');
    whole += line.starts_with("{\"time\":") && line.ends_with("\"text\":\"" + text + "\"}");
  }
  BOOST_TEST(whole == 8 * 50);
}

BOOST_AUTO_TEST_CASE(a_closed_standard_error_is_no_reason_to_stop) {
  const int saved = ::dup(STDERR_FILENO);
  ::close(STDERR_FILENO);
  log::write(log::Level::error, "nobody listens");
  ::dup2(saved, STDERR_FILENO);
  ::close(saved);
  CapturedError error;
  log::write(log::Level::error, "somebody does again");
  BOOST_TEST(std::ranges::count(error.text(), '\n') == 1);
}

BOOST_AUTO_TEST_SUITE_END()
