// SPDX-License-Identifier: Apache-2.0
// The bytes half of tokens: compact JWS (RFC 7515). It knows keys and nothing of claims. The
// algorithm belongs to the key, never to the sender: the header's "alg" is only checked to say the
// same (RFC 8725 section 3.1).
#pragma once

#include <string>
#include <string_view>

#include "auth/key_set.hpp"
#include "auth/verification_keys.hpp"
#include "outcome/result.hpp"

namespace scoreboard::auth {

// What was signed, and "typ", which says as what. Believed only because verify_jws returned it.
struct JwsContent {
  std::string type;
  std::string payload;
};

// HS256.
std::string sign_jws(const Key& key, const JwsContent& content);

// Both: unauthenticated, with the cause for the log only, unless the token is sound in form
// (compact_jws.hpp) and its signature that of the key which it names.
//
// Ours: HS256, and the header names its key.
Result<JwsContent> verify_jws(const KeySet& keys, std::string_view token);
// Others': the one algorithm of the key. Where there is one key only the header need not name it.
Result<JwsContent> verify_jws(const VerificationKeys& keys, std::string_view token);

}  // namespace scoreboard::auth
