// SPDX-License-Identifier: Apache-2.0
#include "auth/watched_file.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <string>

#include "crypto/bytes.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;
namespace fs = std::filesystem;

BOOST_AUTO_TEST_SUITE(watched_file)

namespace {

struct Scratch {
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "watched-file-XXXXXX").string();
    BOOST_TEST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder = pattern;
    file = folder / "keys";
  }
  ~Scratch() { fs::remove_all(folder); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void write(const std::string& text, ::mode_t mode = 0600) const {
    std::ofstream(file) << text;
    ::chmod(file.c_str(), mode);
  }

  fs::path folder;
  fs::path file;
};

// "text: ..." or "fault: ..." or "nothing".
std::string told(WatchedFile& watched) {
  const auto news = watched.news();
  if (!news) return "nothing";
  if (!*news) return "fault: " + (*news).error().log;
  return "text: " + std::string(crypto::text_of((*news)->bytes()));
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_content_is_told_once) {
  const Scratch scratch;
  scratch.write("one");
  WatchedFile watched(scratch.file, Kept::secret);
  BOOST_TEST(told(watched) == "text: one");
  BOOST_TEST(told(watched) == "nothing");
  scratch.write("one");  // written anew and the same
  BOOST_TEST(told(watched) == "nothing");
  scratch.write("two");
  BOOST_TEST(told(watched) == "text: two");
  BOOST_TEST(told(watched) == "nothing");
}

BOOST_AUTO_TEST_CASE(each_fault_is_told_once_and_what_comes_after_is_news) {
  const Scratch scratch;
  WatchedFile watched(scratch.file, Kept::secret);
  const std::string fault = "fault: key file " + scratch.file.string() + ": ";
  BOOST_TEST(told(watched) == fault + "No such file or directory");
  BOOST_TEST(told(watched) == "nothing");
  // So young that it is looked at in full each time.
  scratch.write("one", 0644);
  BOOST_TEST(told(watched) == fault + "open to others than owner and group; chmod o-rwx it");
  BOOST_TEST(told(watched) == "nothing");
  scratch.write("other", 0644);
  BOOST_TEST(told(watched) == "nothing");
  scratch.write("one");
  BOOST_TEST(told(watched) == "text: one");
  fs::remove(scratch.file);
  BOOST_TEST(told(watched) == fault + "No such file or directory");
  scratch.write("one");
  BOOST_TEST(told(watched) == "text: one");
}

BOOST_AUTO_TEST_CASE(no_content_is_a_content) {
  const Scratch scratch;
  scratch.write("");
  WatchedFile watched(scratch.file, Kept::secret);
  BOOST_TEST(told(watched) == "text: ");
  BOOST_TEST(told(watched) == "nothing");
}

BOOST_AUTO_TEST_SUITE_END()
