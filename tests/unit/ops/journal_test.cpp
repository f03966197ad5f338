// SPDX-License-Identifier: Apache-2.0
#include "ops/journal.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>

using namespace scoreboard;

BOOST_AUTO_TEST_SUITE(journal_entries)

BOOST_AUTO_TEST_CASE(each_field_can_be_asked_for_by_its_name_in_capitals) {
  const log::Field fields[] = {
      {"request_id", "0af7"}, {"duration_us", std::int64_t{1200}}, {"share", 0.5}, {"sent", true}};
  const auto entry = log::journal_entry("{\"a\":1}\n", log::Level::warning, "request", fields);
  const std::vector<std::string> expected{"MESSAGE={\"a\":1}", "PRIORITY=4",       "EVENT=request",
                                          "REQUEST_ID=0af7",   "DURATION_US=1200", "SHARE=0.5",
                                          "SENT=true"};
  BOOST_TEST(entry == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(levels_are_those_of_syslog) {
  for (const auto& [level, priority] :
       {std::pair{log::Level::debug, "7"}, std::pair{log::Level::info, "6"},
        std::pair{log::Level::warning, "4"}, std::pair{log::Level::error, "3"}}) {
    BOOST_TEST(log::journal_entry("", level, "e", {})[1] == std::string("PRIORITY=") + priority);
  }
}

BOOST_AUTO_TEST_CASE(only_the_very_stream_that_systemd_made_is_the_journal) {
  struct stat file {};
  BOOST_REQUIRE(fstat(STDERR_FILENO, &file) == 0);
  const std::string device = std::to_string(file.st_dev);
  setenv("JOURNAL_STREAM", (device + ":" + std::to_string(file.st_ino)).c_str(), 1);
  BOOST_TEST(log::stderr_is_journal());
  setenv("JOURNAL_STREAM", (device + ":" + std::to_string(file.st_ino + 1)).c_str(), 1);
  BOOST_TEST(!log::stderr_is_journal());
  unsetenv("JOURNAL_STREAM");
  BOOST_TEST(!log::stderr_is_journal());
}

BOOST_AUTO_TEST_SUITE_END()
