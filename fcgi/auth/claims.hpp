// SPDX-License-Identifier: Apache-2.0
// Reading the claims of a JSON Web Token (RFC 7519 section 4). Private to auth.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "json/value.hpp"
#include "outcome/result.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard::auth {

// Empty when it is absent or no text.
std::optional<std::string> text_claim(const json::Value& claims, std::string_view name);

struct TimeRules {
  std::chrono::seconds lifetime_max;   // from iat to exp
  std::chrono::seconds expiry_leeway;  // how long after exp, and how long before nbf
  std::chrono::seconds issue_leeway;   // how far ahead of our clock iat may be
  bool whole_seconds;                  // refuse the fractions that RFC 7519 allows
};

// When the token expires. unauthenticated, with the cause for the log, unless it has iat and exp,
// exp after iat and no further from it than allowed, and `now` is within them and behind nbf, if it
// has one.
Result<Timestamp> check_times(const json::Value& claims, const TimeRules& rules, Timestamp now);

}  // namespace scoreboard::auth
