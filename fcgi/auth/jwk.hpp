// SPDX-License-Identifier: Apache-2.0
// One JSON Web Key (RFC 7517 section 4). Private to auth.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "auth/verification_keys.hpp"
#include "json/value.hpp"

namespace scoreboard::auth {

// A key, or why it is none of our business.
struct JwkReading {
  std::optional<VerificationKey> key;
  std::string passed_over;
};

// malformed for a key that is meant for us and no good. Private members are not looked at.
Result<JwkReading> read_jwk(const json::Value& jwk, std::span<const Algorithm> wanted);

}  // namespace scoreboard::auth
