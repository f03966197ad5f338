// SPDX-License-Identifier: Apache-2.0
// Our own tokens: JWTs (RFC 7519) signed HS256, checked as RFC 8725 asks. jws.hpp knows bytes and
// keys, this file knows claims. Access tokens live an hour; realtime tokens a minute, for opening
// a live connection only, with an audience and a type of their own so neither passes as the other.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "auth/key_set.hpp"
#include "board/ids.hpp"
#include "outcome/result.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard::auth {

struct TokenRules {
  std::string issuer = "scoreboard";
  std::chrono::seconds access_lifetime{3600};
  std::chrono::seconds realtime_lifetime{60};
};

enum class TokenUse { access, realtime };

struct Caller {
  UserId user;
  SessionId session;
  Timestamp expires_at;
  std::string token_id = {};  // of a realtime token (jti): 32 hex digits, never the same twice
};

std::string issue_token(const KeySet& keys, const TokenRules& rules, TokenUse use,
                        const UserId& user, const SessionId& session, Timestamp now);

// unauthenticated, with the cause for the log only, unless every rule holds.
Result<Caller> verify_token(const KeySet& keys, const TokenRules& rules, TokenUse use,
                            std::string_view token, Timestamp now);

// The token of "Authorization: Bearer <token>" (RFC 6750; the scheme in any case).
Result<std::string> bearer_token(std::string_view authorization);

}  // namespace scoreboard::auth
