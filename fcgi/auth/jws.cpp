// SPDX-License-Identifier: Apache-2.0
#include "auth/jws.hpp"

#include <array>
#include <optional>
#include <utility>

#include "crypto/base64url.hpp"
#include "crypto/bytes.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/hmac.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace scoreboard::auth {
namespace {

constexpr std::string_view algorithm = "HS256";

// Headers that ask a verifier to take a key from the token or the network, to change how it reads
// the token, or to look inside once more. We do none of it, so a token that asks is not ours.
constexpr std::array<std::string_view, 12> refused_headers{
    "crit", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "b64", "cty", "zip", "enc", "epk"};

Error refused(std::string cause) {
  return {.code = ErrorCode::unauthenticated, .log = "token: " + std::move(cause)};
}

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;  // header and payload with the dot between
};

std::optional<Parts> split(std::string_view token) {
  const auto first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view signature = token.substr(second + 1);
  if (signature.find('.') != std::string_view::npos) return std::nullopt;
  return Parts{.header = token.substr(0, first),
               .payload = token.substr(first + 1, second - first - 1),
               .signature = signature,
               .signed_text = token.substr(0, second)};
}

std::optional<std::string> decode(std::string_view part) {
  const auto bytes = crypto::parse_base64url(part);
  if (!bytes) return std::nullopt;
  return std::string(crypto::text_of(*bytes));
}

std::string text_member(const json::Value& object, std::string_view name) {
  const auto member = object.find(name);
  return member && member->is_string() ? member->string() : std::string();
}

struct Header {
  std::string type;
  const Key* key;
};

Result<Header> read_header(const KeySet& keys, std::string_view encoded) {
  const auto text = decode(encoded);
  if (!text) return refused("header is not base64url");
  const auto header = json::parse_object(*text);
  if (!header) return refused("header: " + header.error().log);
  for (const std::string_view name : refused_headers) {
    if (header->find(name)) return refused("header has " + std::string(name));
  }
  if (text_member(*header, "alg") != algorithm) return refused("alg is not HS256");
  // The id is looked up among the keys and used for nothing else: no file, no query, no log.
  const Key* key = keys.find(text_member(*header, "kid"));
  if (!key) return refused("kid names no key");
  return Header{text_member(*header, "typ"), key};
}

}  // namespace

std::string sign_jws(const Key& key, const JwsContent& content) {
  json::Writer header;
  header.begin_object().key("alg").string(algorithm).key("kid").string(key.id);
  header.key("typ").string(content.type).end_object();
  std::string token = crypto::base64url(crypto::bytes_of(std::move(header).take()));
  token.push_back('.');
  token += crypto::base64url(crypto::bytes_of(content.payload));
  const auto tag = crypto::hmac_sha256(key.secret.bytes(), token);
  token.push_back('.');
  token += crypto::base64url(tag);
  return token;
}

Result<JwsContent> verify_jws(const KeySet& keys, std::string_view token) {
  if (token.size() > token_bytes_max) return refused("above 4096 bytes");
  const auto parts = split(token);
  if (!parts) return refused("not three parts");
  auto header = read_header(keys, parts->header);
  if (!header) return std::move(header).error();
  const auto signature = decode(parts->signature);
  if (!signature) return refused("signature is not base64url");
  const auto expected = crypto::hmac_sha256(header->key->secret.bytes(), parts->signed_text);
  if (!crypto::constant_time_equal(*signature, crypto::text_of(expected))) {
    return refused("signature does not match");
  }
  auto payload = decode(parts->payload);
  if (!payload) return refused("payload is not base64url");
  return JwsContent{std::move(header->type), *std::move(payload)};
}

}  // namespace scoreboard::auth
