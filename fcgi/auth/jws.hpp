// SPDX-License-Identifier: Apache-2.0
// The bytes half of our tokens: compact JWS (RFC 7515) with HS256. It knows keys and nothing of
// claims. The algorithm belongs to the key, never to the sender: the header's "alg" is only checked
// to say the same (RFC 8725 section 3.1).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "auth/key_set.hpp"
#include "outcome/result.hpp"

namespace scoreboard::auth {

// Ours have about 400 bytes.
inline constexpr std::size_t token_bytes_max = 4096;

// What was signed, and "typ", which says as what. Believed only because verify_jws returned it.
struct JwsContent {
  std::string type;
  std::string payload;
};

std::string sign_jws(const Key& key, const JwsContent& content);

// unauthenticated, with the cause for the log only, unless the token is three strict base64url
// parts with a strict JSON header that names a key of the set, asks for nothing else, and the MAC
// is that key's.
Result<JwsContent> verify_jws(const KeySet& keys, std::string_view token);

}  // namespace scoreboard::auth
