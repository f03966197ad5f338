// SPDX-License-Identifier: Apache-2.0
#include "unit/auth/forged_token.hpp"

#include "crypto/base64url.hpp"
#include "crypto/bytes.hpp"
#include "crypto/hmac.hpp"

namespace scoreboard::auth::test {

KeySet two_keys() {
  return *KeySet::parse(R"({"keys":[
    {"kty":"oct","kid":"new-key","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},
    {"kty":"oct","kid":"old-key","k":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"}]})");
}

std::string encoded(std::string_view text) {
  return crypto::base64url(crypto::bytes_of(text));
}

std::string signed_parts(const Key& key, std::string_view encoded_header,
                         std::string_view encoded_payload) {
  std::string token = std::string(encoded_header) + "." + std::string(encoded_payload);
  const auto tag = crypto::hmac_sha256(key.secret.bytes(), token);
  return token + "." + crypto::base64url(tag);
}

std::string forged_token(const Key& key, std::string_view header, std::string_view payload) {
  return signed_parts(key, encoded(header), encoded(payload));
}

}  // namespace scoreboard::auth::test
