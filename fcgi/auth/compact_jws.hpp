// SPDX-License-Identifier: Apache-2.0
// The compact serialization of a JSON Web Signature (RFC 7515 section 7.1), taken apart and
// believed in nothing: header.payload.signature, each in the one base64url spelling.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "outcome/result.hpp"

namespace scoreboard::auth {

// Ours have about 400 bytes, the longest example of the RFCs 640.
inline constexpr std::size_t token_bytes_max = 4096;

struct CompactJws {
  std::string algorithm;  // the header's "alg"; a claim of the sender's
  std::string key_id;     // "kid"; empty: none
  std::string type;       // "typ"; empty: none
  std::string payload;
  std::string signature;
  std::string_view signed_text;  // header and payload with the dot between; part of the token
};

// unauthenticated, with the cause for the log only: above 4096 bytes, not three canonical parts, a
// header that is no strict JSON object (a member twice, invalid UTF-8), or one that asks for more
// than checking a signature: crit, jku, jwk, x5u, x5c, b64 and what belongs to encryption.
Result<CompactJws> read_compact_jws(std::string_view token);

}  // namespace scoreboard::auth
