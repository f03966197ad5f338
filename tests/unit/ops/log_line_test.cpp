// SPDX-License-Identifier: Apache-2.0
#include "ops/log_line.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "ops/utf8.hpp"

using namespace scoreboard;
using namespace scoreboard::log;

BOOST_AUTO_TEST_SUITE(log_line)

namespace {

const Timestamp at = from_micros(1'770'028'200'123'456);

std::string line_of(const std::vector<Field>& fields) {
  return format_line(at, Level::info, "answered", fields);
}

}  // namespace

BOOST_AUTO_TEST_CASE(is_one_object_with_the_time_first_and_fields_in_order) {
  BOOST_TEST(line_of({{"method", "POST"}, {"status", 200}, {"seconds", 0.25}, {"cached", false}}) ==
             R"({"time":"2026-02-02T10:30:00.123Z","level":"info","event":"answered",)"
             R"("method":"POST","status":200,"seconds":0.25,"cached":false})"
             "\n");
}

BOOST_AUTO_TEST_CASE(names_each_level) {
  const auto begins = [](Level level, const std::string& name) {
    return format_line(at, level, "x", {}).find("\"level\":\"" + name + "\"") != std::string::npos;
  };
  BOOST_TEST(begins(Level::debug, "debug"));
  BOOST_TEST(begins(Level::info, "info"));
  BOOST_TEST(begins(Level::warning, "warning"));
  BOOST_TEST(begins(Level::error, "error"));
}

BOOST_AUTO_TEST_CASE(cannot_be_forged_by_what_it_reports) {
  const std::string attack = "x\"}\n{\"time\":\"2026-02-02T10:30:00.123Z\",\"level\":\"error\"";
  const std::string line =
      format_line(at, Level::info, attack, std::vector<Field>{{attack, attack}});
  BOOST_TEST(std::ranges::count(line, '\n') == 1);
  BOOST_TEST(line.back() == '\n');
  BOOST_TEST(line.find(R"(x\"}\n{\"time\")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(invalid_utf8_does_not_spoil_it) {
  BOOST_TEST(is_utf8(line_of({{"agent", "\xFF\xC3\x28\xED\xA0\x80"}})));
}

BOOST_AUTO_TEST_CASE(cuts_a_long_text_between_two_characters) {
  const std::string fits(text_bytes_max, 'a');
  BOOST_TEST(line_of({{"agent", fits}}).find("\"agent\":\"" + fits + "\"") != std::string::npos);

  const std::string longer = std::string(text_bytes_max - 1, 'a') + "é";
  const std::string line = line_of({{"agent", longer}});
  BOOST_TEST(line.find(std::string(text_bytes_max - 1, 'a') + "…\"") != std::string::npos);
  BOOST_TEST(line.find("\uFFFD") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(never_grows_beyond_what_a_pipe_takes_in_one_piece) {
  const std::string controls(text_bytes_max, '\x01');  // six bytes each
  const std::string line = line_of({{"status", 500}, {"path", controls}, {"cause", "short"}});
  BOOST_TEST(line.size() <= line_bytes_max);
  BOOST_TEST(line.find(controls) == std::string::npos);
  BOOST_TEST(line.find("\"status\":500,\"cause\":\"short\",\"truncated\":true}\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_whole_for_every_length_around_the_limit) {
  const std::string thousand(1000, 'a');
  int truncated = 0;
  for (std::size_t length = 800; length < 1000; ++length) {
    const std::string last(length, 'b');
    const auto line = line_of({{"a", thousand}, {"b", thousand}, {"c", thousand}, {"d", last}});
    BOOST_TEST_REQUIRE(line.size() <= line_bytes_max);
    BOOST_TEST_REQUIRE(line.ends_with("}\n"));
    const bool cut = line.find("\"truncated\":true") != std::string::npos;
    BOOST_TEST_REQUIRE(cut == (line.find(last) == std::string::npos));
    truncated += cut;
  }
  BOOST_TEST(truncated > 0);
  BOOST_TEST(truncated < 200);
}

BOOST_AUTO_TEST_SUITE_END()
