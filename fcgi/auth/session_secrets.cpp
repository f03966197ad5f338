// SPDX-License-Identifier: Apache-2.0
#include "auth/session_secrets.hpp"

#include "crypto/base64url.hpp"
#include "crypto/digest.hpp"
#include "crypto/hex.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"

namespace scoreboard::auth {
namespace {

// The label keeps the values independent of each other and of whatever else this master key may one
// day derive; the number leaves room to derive anew.
crypto::Secret derive(const Key& master, std::string_view label, std::string_view of,
                      std::size_t bytes) {
  const std::string info = std::string(label).append(of);
  return crypto::Secret(crypto::hkdf_sha256({.key = master.secret.bytes(), .info = info}, bytes));
}

}  // namespace

SessionSecrets derive_session_secrets(const Key& master, const SessionId& session) {
  const auto hex_of = [&](std::string_view label, std::size_t bytes) {
    return crypto::hex(derive(master, label, session.str(), bytes).bytes());
  };
  return {.action_secret_key = hex_of("scoreboard action key v1 ", 32),
          .nonce = hex_of("scoreboard nonce v1 ", 16)};
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

std::string refresh_successor(const Key& master, std::string_view refresh_token) {
  return crypto::base64url(
      derive(master, "scoreboard refresh token v1 ", refresh_token, 32).bytes());
}

std::string csrf_token(const Key& master, const SessionId& session) {
  return crypto::base64url(derive(master, "scoreboard csrf token v1 ", session.str(), 32).bytes());
}

std::string login_digest(const Key& master, std::string_view text) {
  std::string folded(text);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return crypto::hex(derive(master, "scoreboard login v1 ", folded, 16).bytes());
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
