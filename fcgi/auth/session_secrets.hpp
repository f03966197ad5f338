// SPDX-License-Identifier: Apache-2.0
// What a session signs with. Both values are derived (HKDF-SHA256, RFC 5869) from a master key and
// the session id, so nothing in the database helps to forge a signature. The HMAC key is the ASCII
// text handed to the client, 64 hex digits, byte for byte: `openssl dgst -hmac "$KEY"` just works.
#pragma once

#include <string>
#include <string_view>

#include "auth/key_set.hpp"
#include "board/ids.hpp"
#include "outcome/result.hpp"

namespace scoreboard::auth {

struct SessionSecrets {
  std::string action_secret_key;  // 64 hex digits
  std::string nonce;              // 32 hex digits, part of contract B's signed text
};

SessionSecrets derive_session_secrets(const Key& master, const SessionId& session);

SessionId new_session_id();                              // 16 random bytes, hex
std::string new_refresh_token();                         // 32 random bytes, base64url
std::string refresh_token_hash(std::string_view token);  // SHA-256, hex
UserId new_user_id();                                    // UUIDv4

}  // namespace scoreboard::auth
