// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

#include "auth/action_signature.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(action_time)

namespace {

constexpr seconds window{300};
const Timestamp now{seconds{1'770'028'200}};  // 2026-02-02T10:30:00Z

bool in_window(microseconds from_now) {
  const auto result = check_window(now + from_now, now, window);
  BOOST_TEST((result || result.error().code == ErrorCode::stale_timestamp));
  return bool(result);
}

bool id_passes(std::string_view id, Timestamp at) {
  const auto result = check_action_id_time(id, at, window);
  BOOST_TEST((result || result.error().code == ErrorCode::stale_action_id));
  return bool(result);
}

// An id of the kind under test that was made at `at`.
std::string uuid_v7_at(Timestamp at) {
  static constexpr char digits[] = "0123456789abcdef";
  auto millis = std::chrono::floor<milliseconds>(at.time_since_epoch()).count();
  std::string hex(12, '0');
  for (auto digit = hex.rbegin(); digit != hex.rend(); ++digit, millis /= 16) {
    *digit = digits[millis % 16];
  }
  return hex.substr(0, 8) + "-" + hex.substr(8) + "-7cc3-98c4-dc0c0c07398f";
}

std::string ulid_at(Timestamp at) {
  static constexpr char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
  auto millis = std::chrono::floor<milliseconds>(at.time_since_epoch()).count();
  std::string text(10, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, millis /= 32) {
    *digit = digits[millis % 32];
  }
  return text + "tsv4rrffq69g5fav";
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_window_is_five_minutes_to_both_sides_and_not_a_microsecond_more) {
  BOOST_TEST(in_window(microseconds{0}));
  for (const int sign : {1, -1}) {
    BOOST_TEST(in_window(sign * milliseconds{299'999}));
    BOOST_TEST(in_window(sign * seconds{300}));
    BOOST_TEST(!in_window(sign * microseconds{300'000'001}));
    BOOST_TEST(!in_window(sign * seconds{301}));
    BOOST_TEST(!in_window(sign * std::chrono::hours{24 * 365}));
  }
}

BOOST_AUTO_TEST_CASE(the_ends_of_the_calendar_are_outside_and_nothing_overflows) {
  for (const char* text : {"0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"}) {
    const auto at = parse_update_timestamp(text, "timestamp");
    BOOST_TEST_REQUIRE(bool(at));
    BOOST_TEST(!check_window(*at, now, window));
  }
}

BOOST_AUTO_TEST_CASE(an_update_s_timestamp_is_rfc_3339_in_utc) {
  BOOST_TEST((*parse_update_timestamp("2026-02-02T10:30:00Z", "timestamp") == now));
  for (const char* text : {"", "1770028200", "1770028200000", "2026-02-02T10:30:00+00:00", "now"}) {
    const auto refused = parse_update_timestamp(text, "timestamp");
    BOOST_TEST_REQUIRE(!refused, text);
    BOOST_TEST((refused.error().code == ErrorCode::malformed));
    BOOST_TEST(refused.error().field == "timestamp");
  }
}

BOOST_AUTO_TEST_CASE(an_increment_s_timestamp_may_be_a_unix_number) {
  const auto parsed = [](std::string_view text) {
    return parse_increment_timestamp(text, "x-request-timestamp");
  };
  BOOST_TEST((*parsed("2026-02-02T10:30:00Z") == now));
  BOOST_TEST((*parsed("1770028200") == now));
  BOOST_TEST((*parsed("1770028200123") == now + milliseconds{123}));
  for (const char* text : {"", "0", "177002820", "17700282000", "177002820012", "17700282001234",
                           "-770028200", "+770028200", " 770028200", "177002820 ", "177002820a",
                           "0x70028200", "1770028200.5", "1.77002820", "177002820\n"}) {
    const auto refused = parsed(text);
    BOOST_TEST_REQUIRE(!refused, text);
    BOOST_TEST((refused.error().code == ErrorCode::malformed));
    BOOST_TEST(refused.error().field == "x-request-timestamp");
  }
}

BOOST_AUTO_TEST_CASE(ids_of_the_standards_own_examples_carry_the_standards_times) {
  // RFC 9562 appendix A.6, and the README of the ULID specification.
  const std::vector<std::pair<std::string, std::int64_t>> examples{
      {"017f22e2-79b0-7cc3-98c4-dc0c0c07398f", 1'645'557'742'000},
      {"01aryz6s41tsv4rrffq69g5fav", 1'469'918'176'385}};
  for (const auto& [id, millis] : examples) {
    const Timestamp made{milliseconds{millis}};
    for (const int sign : {1, -1}) {
      BOOST_TEST(id_passes(id, made + sign * window), id);
      BOOST_TEST(!id_passes(id, made + sign * (window + microseconds{1})), id);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_id_that_carries_a_time_must_carry_one_inside_the_window) {
  for (const auto& make : {uuid_v7_at, ulid_at}) {
    BOOST_TEST(id_passes(make(now), now));
    for (const int sign : {1, -1}) {
      BOOST_TEST(id_passes(make(now + sign * milliseconds{299'999}), now));
      BOOST_TEST(id_passes(make(now + sign * window), now));
      BOOST_TEST(!id_passes(make(now + sign * milliseconds{300'001}), now));
    }
    BOOST_TEST(!id_passes(make(Timestamp{}), now));
    BOOST_TEST(!id_passes(make(Timestamp{milliseconds{(1LL << 48) - 1}}), now));
  }
}

BOOST_AUTO_TEST_CASE(ids_without_a_time_pass) {
  for (const char* id :
       {"550e8400-e29b-41d4-a716-446655440000",  // version 4
        "017f22e2-79b0-1cc3-98c4-dc0c0c07398f",  // version 1: its time is elsewhere
        "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f",  // version 7 of another variant
        "017f22e2-79b0-7cc3-78c4-dc0c0c07398f",  //
        "017f22e279b07cc398c4dc0c0c07398f",      // without dashes: some 32 digits
        "81aryz6s41tsv4rrffq69g5fav",            // above 128 bits
        "01aryz6s41tsv4rrffq69g5fau",            // u is not of the alphabet
        "01aryz6s41tsv4rrffq69g5fa",             // 25 characters
        "01aryz6s41tsv4rrffq69g5favv",           // 27
        "1770028200000", "level-12-done", "aaaaaaaa"}) {
    BOOST_TEST(id_passes(id, now), id);
  }
}

BOOST_AUTO_TEST_SUITE_END()
