// SPDX-License-Identifier: Apache-2.0
// A time that is accepted is written as the moment that was read, digit by digit.
#include <string>

#include "auth/action_signature.hpp"
#include "fuzz/property.hpp"
#include "ops/time_text.hpp"

namespace scoreboard::fuzz {
namespace {

constexpr std::string_view field = "timestamp";

bool only_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "2026-02-02T10:30:00.5Z" with a fraction of exactly three digits.
std::string in_milliseconds(std::string_view text) {
  std::string fraction(text.size() > 20 ? text.substr(20, text.size() - 21) : std::string_view{});
  fraction.resize(3, '0');
  return std::string(text.substr(0, 19)) + "." + fraction + "Z";
}

void written_as_read(std::string_view text) {
  const auto at = parse_rfc3339(text);
  must(static_cast<bool>(at) == static_cast<bool>(auth::parse_update_timestamp(text, field)),
       "contract A takes what RFC 3339 in UTC takes");
  if (!at) return;
  const std::string written = to_rfc3339(*at);
  must(written == in_milliseconds(text), "an accepted text is written as it was read");
  const auto again = parse_rfc3339(written);
  must(again && *again == std::chrono::floor<std::chrono::milliseconds>(*at),
       "what is written is read as the same moment");
}

void numbers_are_counted_from_1970(std::string_view text) {
  const auto at = auth::parse_increment_timestamp(text, field);
  must(!parse_rfc3339(text) || at, "contract B takes what contract A takes");
  if (!at || !only_digits(text)) return;
  const auto micros = at->time_since_epoch().count();
  const std::int64_t number = std::stoll(std::string(text));
  must(micros == number * (text.size() == 10 ? 1'000'000 : 1'000), "a number is its own count");
}

void an_id_that_carries_a_time_is_held_to_it(std::string_view id) {
  if (!auth::check_action_id(id, "actionId")) return;
  const Timestamp now{std::chrono::milliseconds{1'770'028'200'000}};
  const auto within = auth::check_action_id_time(id, now, std::chrono::seconds{300});
  // Its widest meaning: 48 bits of milliseconds, some 8900 years.
  const auto anyhow = auth::check_action_id_time(id, now, std::chrono::hours{24 * 366 * 9000});
  must(static_cast<bool>(anyhow), "no id tells of a time beyond 48 bits");
  must(within || id.size() == 36 || id.size() == 26, "only UUIDs and ULIDs carry a time");
}

}  // namespace
}  // namespace scoreboard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = scoreboard::fuzz::text_of(data, size);
  scoreboard::fuzz::written_as_read(text);
  scoreboard::fuzz::numbers_are_counted_from_1970(text);
  scoreboard::fuzz::an_id_that_carries_a_time_is_held_to_it(text);
  return 0;
}
