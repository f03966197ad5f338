// SPDX-License-Identifier: Apache-2.0
// When an action happened, by its timestamp and, where the id tells one, by its id. Declared in
// action_signature.hpp.
#include <charconv>
#include <optional>

#include "auth/action_signature.hpp"
#include "auth/text_form.hpp"
#include "ops/time_text.hpp"

namespace scoreboard::auth {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Error no_time(std::string_view field, const char* reason) {
  return {.code = ErrorCode::malformed,
          .log = std::string(field) + " " + reason,
          .field = std::string(field),
          .reason = reason};
}

std::optional<std::int64_t> unix_number(std::string_view text, std::size_t digits) {
  if (text.size() != digits) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // from_chars takes a minus sign; a moment before 1970 is no time of an action.
  if (error != std::errc{} || end != text.data() + text.size() || text.front() == '-') {
    return std::nullopt;
  }
  return value;
}

bool within(Timestamp at, Timestamp now, seconds window) {
  return (at > now ? at - now : now - at) <= window;
}

// RFC 9562 section 5.7: version 7 begins with 48 bits of milliseconds since 1970.
std::optional<Timestamp> uuid_v7_time(std::string_view id) {
  if (!is_uuid(id) || id[14] != '7') return std::nullopt;
  if (std::string_view("89ab").find(id[19]) == std::string_view::npos) return std::nullopt;
  const std::string digits = std::string(id.substr(0, 8)) + std::string(id.substr(9, 4));
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return Timestamp{milliseconds{value}};
}

// Ten characters of five bits, of which the first has only three: the same 48 bits.
std::optional<Timestamp> ulid_time(std::string_view id) {
  if (!is_ulid(id)) return std::nullopt;
  std::int64_t value = 0;
  for (const char digit : id.substr(0, 10)) value = value * 32 + ulid_digit(digit);
  return Timestamp{milliseconds{value}};
}

}  // namespace

Result<Timestamp> parse_update_timestamp(std::string_view text, std::string_view field) {
  const auto at = parse_rfc3339(text);
  if (!at) return no_time(field, "must be an RFC 3339 time in UTC, such as 2026-02-02T10:30:00Z");
  return *at;
}

Result<Timestamp> parse_increment_timestamp(std::string_view text, std::string_view field) {
  if (const auto whole = unix_number(text, 10)) return Timestamp{seconds{*whole}};
  if (const auto fine = unix_number(text, 13)) return Timestamp{milliseconds{*fine}};
  const auto at = parse_rfc3339(text);
  if (!at)
    return no_time(field, "must be an RFC 3339 time in UTC, or Unix seconds or milliseconds");
  return *at;
}

Result<void> check_window(Timestamp at, Timestamp now, seconds window) {
  if (within(at, now, window)) return {};
  return Error{.code = ErrorCode::stale_timestamp, .log = "timestamp is outside the window"};
}

Result<void> check_action_id_time(std::string_view action_id, Timestamp now, seconds window) {
  auto at = uuid_v7_time(action_id);
  if (!at) at = ulid_time(action_id);
  if (!at || within(*at, now, window)) return {};
  return Error{.code = ErrorCode::stale_action_id, .log = "the id's time is outside the window"};
}

}  // namespace scoreboard::auth
