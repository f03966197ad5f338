// SPDX-License-Identifier: Apache-2.0
#include "auth/compact_jws.hpp"

#include <array>
#include <optional>
#include <utility>

#include "crypto/base64url.hpp"
#include "crypto/bytes.hpp"
#include "json/value.hpp"

namespace scoreboard::auth {
namespace {

// Headers that ask a verifier to take a key from the token or the network, to change how it reads
// the token, or to decrypt. We do none of it, so a token that asks is not believed. What merely
// describes (x5t, cty) is ignored as RFC 7515 section 4 says.
constexpr std::array<std::string_view, 9> refused_headers{"crit", "jku", "jwk", "x5u", "x5c",
                                                          "b64",  "zip", "enc", "epk"};

Error refused(std::string cause) {
  return {.code = ErrorCode::unauthenticated, .log = "token: " + std::move(cause)};
}

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;
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

// An optional header; one that is there is a text that is not empty.
Result<std::string> text_header(const json::Value& header, std::string_view name) {
  const auto member = header.find(name);
  if (!member) return std::string();
  if (!member->is_string() || member->string().empty()) {
    return refused(std::string(name) + " is no text");
  }
  return member->string();
}

Result<CompactJws> read_header(const std::string& text) {
  const auto header = json::parse_object(text);
  if (!header) return refused("header: " + header.error().log);
  for (const std::string_view name : refused_headers) {
    if (header->find(name)) return refused("header has " + std::string(name));
  }
  CompactJws jws;
  const std::pair<const char*, std::string*> members[] = {
      {"alg", &jws.algorithm}, {"kid", &jws.key_id}, {"typ", &jws.type}};
  for (const auto& [name, into] : members) {
    auto value = text_header(*header, name);
    if (!value) return std::move(value).error();
    *into = *std::move(value);
  }
  if (jws.algorithm.empty()) return refused("no alg");
  return jws;
}

}  // namespace

Result<CompactJws> read_compact_jws(std::string_view token) {
  if (token.size() > token_bytes_max) return refused("above 4096 bytes");
  const auto parts = split(token);
  if (!parts) return refused("not three parts");
  const auto header = decode(parts->header);
  if (!header) return refused("header is not base64url");
  auto jws = read_header(*header);
  if (!jws) return jws;
  auto payload = decode(parts->payload);
  if (!payload) return refused("payload is not base64url");
  auto signature = decode(parts->signature);
  if (!signature) return refused("signature is not base64url");
  jws->payload = *std::move(payload);
  jws->signature = *std::move(signature);
  jws->signed_text = parts->signed_text;
  return jws;
}

}  // namespace scoreboard::auth
