// SPDX-License-Identifier: Apache-2.0
#include "metrics/process.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

using namespace scoreboard::metrics;

namespace {

double value_of(Registry& registry, const std::string& name) {
  const std::string text = "\n" + registry.text();
  const std::size_t at = text.find("\n" + name + " ");
  BOOST_REQUIRE(at != std::string::npos);
  return std::stod(text.substr(at + name.size() + 2));
}

}  // namespace

BOOST_AUTO_TEST_CASE(memory_files_and_threads_are_those_of_this_process) {
  Registry registry;
  add_process_metrics(registry);
  BOOST_TEST(value_of(registry, "process_resident_memory_bytes") > 1e6);
  BOOST_TEST(value_of(registry, "process_virtual_memory_bytes") >=
             value_of(registry, "process_resident_memory_bytes"));
  BOOST_TEST(value_of(registry, "process_max_fds") > 3);
  BOOST_TEST(value_of(registry, "process_threads") >= 1);
  const double before = value_of(registry, "process_open_fds");
  const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  BOOST_TEST(value_of(registry, "process_open_fds") == before + 1);
  close(file);
}

BOOST_AUTO_TEST_CASE(processor_time_rises_with_work) {
  Registry registry;
  add_process_metrics(registry);
  const double before = value_of(registry, "process_cpu_seconds_total");
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{50};
  while (std::chrono::steady_clock::now() < until) {
  }
  BOOST_TEST(value_of(registry, "process_cpu_seconds_total") > before);
}

BOOST_AUTO_TEST_CASE(the_start_is_a_moment_ago) {
  Registry registry;
  add_process_metrics(registry);
  const double now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  const double start = value_of(registry, "process_start_time_seconds");
  BOOST_TEST(start > now - 600);
  BOOST_TEST(start < now + 1);
}
