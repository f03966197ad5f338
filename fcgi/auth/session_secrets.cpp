// SPDX-License-Identifier: Apache-2.0
#include "auth/session_secrets.hpp"

#include "crypto/base64url.hpp"
#include "crypto/digest.hpp"
#include "crypto/hex.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"

namespace scoreboard::auth {
namespace {

// The label keeps the two values independent of each other and of whatever else this master key
// may one day derive; the number leaves room to derive anew.
std::string derive(const Key& master, std::string_view label, const SessionId& session,
                   std::size_t bytes) {
  const std::string info = std::string(label) + session.str();
  const crypto::Secret derived(
      crypto::hkdf_sha256({.key = master.secret.bytes(), .info = info}, bytes));
  return crypto::hex(derived.bytes());
}

}  // namespace

SessionSecrets derive_session_secrets(const Key& master, const SessionId& session) {
  return {.action_secret_key = derive(master, "scoreboard action key v1 ", session, 32),
          .nonce = derive(master, "scoreboard nonce v1 ", session, 16)};
}

SessionId new_session_id() {
  return SessionId(crypto::random_hex(16));
}

std::string new_refresh_token() {
  return crypto::base64url(crypto::random_bytes(32));
}

// Without salt or stretching: 256 random bits cannot be guessed from their digest.
std::string refresh_token_hash(std::string_view token) {
  return crypto::sha256_hex(token);
}

UserId new_user_id() {
  auto bytes = crypto::random_bytes(16);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);  // version 4
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);  // variant of RFC 9562
  std::string text = crypto::hex(bytes);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) text.insert(dash, 1, '-');
  return UserId(std::move(text));
}

}  // namespace scoreboard::auth
