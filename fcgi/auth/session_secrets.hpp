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

// What a refresh token is swapped for, 43 characters of base64url: derived from it and the master
// key, so that whoever asks again because the answer was lost gets the same one, although only
// hashes are stored. Neither a dump of the database nor an old token leads to it without the key.
std::string refresh_successor(const Key& master, std::string_view refresh_token);

// What a page that is logged in by cookie shows besides: 43 characters of base64url, bound to the
// session, for the header X-CSRF-Token.
std::string csrf_token(const Key& master, const SessionId& session);

// A digest that stands for what somebody typed when logging in (and from where), so that attempts
// can be counted without writing down names, which now and then are passwords. ASCII letters count
// alike in either case, as they do in names.
std::string login_digest(const Key& master, std::string_view text);

UserId new_user_id();  // UUIDv4

}  // namespace scoreboard::auth
