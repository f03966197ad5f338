// SPDX-License-Identifier: Apache-2.0
#include "auth/jws.hpp"

#include <utility>

#include "auth/compact_jws.hpp"
#include "crypto/base64url.hpp"
#include "crypto/bytes.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/hmac.hpp"
#include "json/writer.hpp"

namespace scoreboard::auth {
namespace {

constexpr std::string_view own_algorithm = "HS256";

Error refused(std::string cause) {
  return {.code = ErrorCode::unauthenticated, .log = "token: " + std::move(cause)};
}

JwsContent content_of(CompactJws&& jws) {
  return {.type = std::move(jws.type), .payload = std::move(jws.payload)};
}

}  // namespace

std::string sign_jws(const Key& key, const JwsContent& content) {
  json::Writer header;
  header.begin_object().key("alg").string(own_algorithm).key("kid").string(key.id);
  header.key("typ").string(content.type).end_object();
  std::string token = crypto::base64url(crypto::bytes_of(std::move(header).take()));
  token.push_back('.');
  token += crypto::base64url(crypto::bytes_of(content.payload));
  const auto tag = crypto::hmac_sha256(key.secret.bytes(), token);
  token.push_back('.');
  token += crypto::base64url(tag);
  return token;
}

// In both, the id is looked up among the keys and used for nothing else: no file, no query, no log.

Result<JwsContent> verify_jws(const KeySet& keys, std::string_view token) {
  auto jws = read_compact_jws(token);
  if (!jws) return std::move(jws).error();
  if (jws->algorithm != own_algorithm) return refused("alg is not HS256");
  const Key* key = keys.find(jws->key_id);
  if (!key) return refused("kid names no key");
  const auto expected = crypto::hmac_sha256(key->secret.bytes(), jws->signed_text);
  if (!crypto::constant_time_equal(jws->signature, crypto::text_of(expected))) {
    return refused("signature does not match");
  }
  return content_of(*std::move(jws));
}

Result<JwsContent> verify_jws(const VerificationKeys& keys, std::string_view token) {
  auto jws = read_compact_jws(token);
  if (!jws) return std::move(jws).error();
  const VerificationKey* key = keys.find(jws->key_id);
  if (!key) return refused("kid names no key");
  if (jws->algorithm != name_of(key->algorithm)) {
    return refused("alg is not " + std::string(name_of(key->algorithm)) + ", which its key is for");
  }
  if (!key->verify(jws->signed_text, jws->signature)) return refused("signature does not match");
  return content_of(*std::move(jws));
}

}  // namespace scoreboard::auth
