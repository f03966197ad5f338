// SPDX-License-Identifier: Apache-2.0
#include "ops/time_text.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace scoreboard;

BOOST_AUTO_TEST_SUITE(time_text)

namespace {

// 2026-02-02T10:30:00Z, by `date -u -d ... +%s`.
constexpr std::int64_t example_seconds = 1'770'028'200;

std::int64_t parsed_micros(std::string_view text) {
  const auto at = parse_rfc3339(text);
  return at ? to_micros(*at) : -1;
}

}  // namespace

BOOST_AUTO_TEST_CASE(reads_the_specification_s_example) {
  BOOST_TEST(parsed_micros("2026-02-02T10:30:00Z") == example_seconds * 1'000'000);
}

BOOST_AUTO_TEST_CASE(reads_one_to_nine_digits_of_a_second_down_to_the_microsecond) {
  const std::int64_t base = example_seconds * 1'000'000;
  BOOST_TEST(parsed_micros("2026-02-02T10:30:00.1Z") == base + 100'000);
  BOOST_TEST(parsed_micros("2026-02-02T10:30:00.12Z") == base + 120'000);
  BOOST_TEST(parsed_micros("2026-02-02T10:30:00.123Z") == base + 123'000);
  BOOST_TEST(parsed_micros("2026-02-02T10:30:00.000001Z") == base + 1);
  BOOST_TEST(parsed_micros("2026-02-02T10:30:00.999999Z") == base + 999'999);
  BOOST_TEST(parsed_micros("2026-02-02T10:30:00.999999999Z") == base + 999'999);
  BOOST_TEST(parsed_micros("2026-02-02T10:30:00.9999999999Z") == -1);
  BOOST_TEST(parsed_micros("2026-02-02T10:30:00.Z") == -1);
}

BOOST_AUTO_TEST_CASE(writes_milliseconds_rounded_down) {
  BOOST_TEST(to_rfc3339(from_micros(0)) == "1970-01-01T00:00:00.000Z");
  BOOST_TEST(to_rfc3339(from_micros(example_seconds * 1'000'000 + 123'999)) ==
             "2026-02-02T10:30:00.123Z");
  BOOST_TEST(to_rfc3339(from_micros(-1)) == "1969-12-31T23:59:59.999Z");
  BOOST_TEST(to_rfc3339(*parse_rfc3339("0001-01-01T00:00:00Z")) == "0001-01-01T00:00:00.000Z");
  BOOST_TEST(to_rfc3339(*parse_rfc3339("9999-12-31T23:59:59.999Z")) == "9999-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_CASE(knows_the_calendar) {
  for (const char* real : {"2024-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "2026-12-31T23:59:59Z",
                           "2026-04-30T00:00:00Z", "1969-12-31T23:59:59Z"}) {
    BOOST_TEST(parse_rfc3339(real).has_value(), real);
  }
  for (const char* unreal : {"2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-02-30T00:00:00Z",
                             "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z",
                             "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z",
                             "2026-01-01T00:60:00Z", "2016-12-31T23:59:60Z"}) {
    BOOST_TEST(!parse_rfc3339(unreal).has_value(), unreal);
  }
}

BOOST_AUTO_TEST_CASE(takes_no_other_spelling) {
  for (const char* text : {"",
                           "Z",
                           "2026-02-02",
                           "2026-02-02T10:30:00",
                           "2026-02-02T10:30Z",
                           "2026-02-02T10:30:00z",
                           "2026-02-02t10:30:00Z",
                           "2026-02-02 10:30:00Z",
                           "2026-02-02T10:30:00+00:00",
                           "2026-02-02T10:30:00-00:00",
                           "2026-02-02T10:30:00ZZ",
                           " 2026-02-02T10:30:00Z",
                           "2026-02-02T10:30:00Z ",
                           "2026-02-02T10:30:00Z\n",
                           "26-02-02T10:30:00Z",
                           "02026-02-02T10:30:00Z",
                           "+2026-02-02T10:30:00Z",
                           "-026-02-02T10:30:00Z",
                           "2026-2-02T10:30:00Z",
                           "2026-02-02T1:30:00Z",
                           "2026/02/02T10:30:00Z",
                           "2026-02-02T10.30.00Z",
                           "2026-02-02T10:30:00,5Z",
                           "2026-02-02T10:30:+5Z",
                           "20260202T103000Z",
                           "2026-W06-1T10:30:00Z"}) {
    BOOST_TEST(!parse_rfc3339(text).has_value(), text);
  }
  BOOST_TEST(!parse_rfc3339(std::string_view("2026-02-02T10:30:00Z\0", 21)).has_value());
}

BOOST_AUTO_TEST_CASE(reads_back_whatever_it_wrote) {
  constexpr unsigned seed = 3339;
  std::mt19937_64 luck(seed);
  // 0001-01-01 to 9999-12-31 in milliseconds.
  std::uniform_int_distribution<std::int64_t> moments(-62'135'596'800'000, 253'402'300'799'999);
  for (int round = 0; round < 5000; ++round) {
    const Timestamp at = from_micros(moments(luck) * 1000);
    const auto text = to_rfc3339(at);
    BOOST_TEST_REQUIRE((parse_rfc3339(text) == at), text << ", seed " << seed);
  }
}

BOOST_AUTO_TEST_SUITE_END()
