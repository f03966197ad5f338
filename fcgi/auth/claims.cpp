// SPDX-License-Identifier: Apache-2.0
#include "auth/claims.hpp"

#include <cmath>
#include <utility>

namespace scoreboard::auth {
namespace {

using std::chrono::seconds;

// 9999-12-31T23:59:59Z: what follows cannot overflow the microseconds.
constexpr std::int64_t seconds_max = 253'402'300'799;

Error refused(std::string cause) {
  return {.code = ErrorCode::unauthenticated, .log = "token: " + std::move(cause)};
}

// A NumericDate.
std::optional<Timestamp> time_claim(const json::Value& claims, std::string_view name,
                                    const TimeRules& rules) {
  const auto claim = claims.find(name);
  if (!claim) return std::nullopt;
  if (claim->is_integer()) {
    const std::int64_t value = claim->integer();
    if (value < 0 || value > seconds_max) return std::nullopt;
    return Timestamp{seconds{value}};
  }
  if (rules.whole_seconds || !claim->is_number()) return std::nullopt;
  const double value = claim->number();
  if (!(value >= 0 && value <= static_cast<double>(seconds_max))) return std::nullopt;
  return from_micros(std::llround(value * 1e6));
}

}  // namespace

std::optional<std::string> text_claim(const json::Value& claims, std::string_view name) {
  const auto claim = claims.find(name);
  if (!claim || !claim->is_string()) return std::nullopt;
  return claim->string();
}

Result<Timestamp> check_times(const json::Value& claims, const TimeRules& rules, Timestamp now) {
  const auto issued = time_claim(claims, "iat", rules);
  if (!issued) return refused("iat is missing or no time");
  const auto expires = time_claim(claims, "exp", rules);
  if (!expires) return refused("exp is missing or no time");
  if (*issued > now + rules.issue_leeway) return refused("iat is in the future");
  if (*expires <= *issued) return refused("exp is not after iat");
  if (*expires - *issued > rules.lifetime_max) return refused("lives longer than allowed");
  if (now >= *expires + rules.expiry_leeway) {
    Error expired = refused("expired");
    expired.failure = AuthFailure::expired_token;
    return expired;
  }
  if (claims.find("nbf")) {
    const auto begins = time_claim(claims, "nbf", rules);
    if (!begins) return refused("nbf is no time");
    if (now + rules.expiry_leeway < *begins) return refused("not valid yet");
  }
  return *expires;
}

}  // namespace scoreboard::auth
