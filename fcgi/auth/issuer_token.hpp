// SPDX-License-Identifier: Apache-2.0
// Tokens of other issuers: JWTs (RFC 7519) that say who somebody is, checked as RFC 8725 asks. Such
// a token opens nothing here; it is exchanged for a session of ours.
#pragma once

#include <string>
#include <string_view>

#include "auth/verification_keys.hpp"
#include "outcome/result.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard::auth {

// What an issuer's tokens must say.
struct IssuerRules {
  std::string issuer;          // iss, to the letter
  std::string audience;        // aud is this text, or a list that holds it
  std::string username_claim;  // where a wish for a user name stands; empty: nowhere
};

struct ForeignCaller {
  std::string issuer;
  std::string subject;   // sub: 1 to 255 bytes without control characters; unique per issuer
  std::string username;  // the wish, unchecked; empty: none
};

// The issuer that the token claims to be of: tells whose keys to ask and is believed in nothing.
// unauthenticated when the token has no readable one.
Result<std::string> claimed_issuer(std::string_view token);

// unauthenticated, with the cause for the log only, unless the signature is the issuer's and every
// rule holds: iss, aud, a sub, exp and iat at most an hour apart, nbf if it is there, 60 seconds of
// leeway for the other host's clock, and a typ that is absent, JWT or at+jwt (RFC 9068).
Result<ForeignCaller> verify_issuer_token(const VerificationKeys& keys, const IssuerRules& rules,
                                          std::string_view token, Timestamp now);

}  // namespace scoreboard::auth
