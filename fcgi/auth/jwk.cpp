// SPDX-License-Identifier: Apache-2.0
#include "auth/jwk.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "crypto/base64url.hpp"

namespace scoreboard::auth {
namespace {

using Bytes = std::vector<unsigned char>;

// RFC 7518 section 3.2: a key of at least the size of the hash.
constexpr std::size_t secret_bytes_min = 32;
constexpr std::size_t id_characters_max = 256;

Error refused(std::string reason) {
  return {.code = ErrorCode::malformed, .log = std::move(reason)};
}

JwkReading not_ours(std::string reason) {
  return {.key = std::nullopt, .passed_over = std::move(reason)};
}

// Absent is empty; what is there must be a text that is not.
Result<std::string> text_or_absent(const json::Value& jwk, std::string_view name) {
  const auto member = jwk.find(name);
  if (!member) return std::string();
  if (!member->is_string() || member->string().empty()) {
    return refused(std::string(name) + " must be a text");
  }
  return member->string();
}

Result<Bytes> bytes_member(const json::Value& jwk, std::string_view name) {
  const auto member = jwk.find(name);
  auto bytes =
      member && member->is_string() ? crypto::parse_base64url(member->string()) : std::nullopt;
  if (!bytes) return refused(std::string(name) + " must be base64url without padding");
  return *std::move(bytes);
}

Result<std::string> read_id(const json::Value& jwk) {
  auto id = text_or_absent(jwk, "kid");
  if (!id) return id;
  const bool printable = std::ranges::all_of(*id, [](char c) { return c >= ' ' && c <= '~'; });
  if (id->size() > id_characters_max || !printable) {
    return refused("kid must be at most 256 printable ASCII characters");
  }
  return id;
}

// Empty when the key may check signatures, else why not. "use" and "key_ops" both count.
Result<std::string> forbidden_use(const json::Value& jwk) {
  const auto use = text_or_absent(jwk, "use");
  if (!use) return use.error();
  if (!use->empty() && *use != "sig") return std::string("its use is not sig");
  const auto operations = jwk.find("key_ops");
  if (!operations) return std::string();
  if (!operations->is_array()) return refused("key_ops must be an array");
  std::vector<std::string> names;
  for (const json::Value& operation : operations->elements()) {
    if (!operation.is_string()) return refused("key_ops must hold texts");
    names.push_back(operation.string());
  }
  std::ranges::sort(names);
  if (std::ranges::adjacent_find(names) != names.end()) return refused("key_ops repeats itself");
  if (!std::ranges::binary_search(names, "verify")) {
    return std::string("its key_ops have no verify");
  }
  return std::string();
}

struct KeyType {
  std::string_view type;   // kty
  std::string_view curve;  // crv; empty where there is none
};

KeyType type_for(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256:
      return {"oct", ""};
    case Algorithm::rs256:
    case Algorithm::ps256:
      return {"RSA", ""};
    case Algorithm::es256:
      return {"EC", "P-256"};
    case Algorithm::eddsa:
      break;
  }
  return {"OKP", "Ed25519"};
}

using Material = std::variant<crypto::Secret, crypto::PublicKey>;

Result<Material> as_material(Result<crypto::PublicKey> key) {
  if (!key) return std::move(key).error();
  return Material(*std::move(key));
}

Result<Material> read_secret(const json::Value& jwk) {
  auto bytes = bytes_member(jwk, "k");
  if (!bytes) return std::move(bytes).error();
  crypto::Secret secret(*std::move(bytes));
  if (secret.size() < secret_bytes_min) return refused("a secret shorter than 32 bytes");
  return Material(std::move(secret));
}

Result<Material> read_material(const json::Value& jwk, Algorithm algorithm) {
  if (algorithm == Algorithm::hs256) return read_secret(jwk);
  const bool rsa = algorithm == Algorithm::rs256 || algorithm == Algorithm::ps256;
  const auto first = bytes_member(jwk, rsa ? "n" : "x");
  if (!first) return first.error();
  if (algorithm == Algorithm::eddsa) return as_material(crypto::PublicKey::ed25519(*first));
  const auto second = bytes_member(jwk, rsa ? "e" : "y");
  if (!second) return second.error();
  return as_material(rsa ? crypto::PublicKey::rsa(*first, *second)
                         : crypto::PublicKey::p256(*first, *second));
}

}  // namespace

Result<JwkReading> read_jwk(const json::Value& jwk, std::span<const Algorithm> wanted) {
  auto id = read_id(jwk);
  if (!id) return std::move(id).error();
  const auto type = text_or_absent(jwk, "kty");
  if (!type) return type.error();
  if (type->empty()) return refused("kty is missing");
  const auto curve = text_or_absent(jwk, "crv");
  if (!curve) return curve.error();
  const auto name = text_or_absent(jwk, "alg");
  if (!name) return name.error();
  const auto forbidden = forbidden_use(jwk);
  if (!forbidden) return forbidden.error();
  if (!forbidden->empty()) return not_ours(*forbidden);

  const auto fits = [&](Algorithm algorithm) {
    const KeyType needed = type_for(algorithm);
    return *type == needed.type && (needed.curve.empty() || *curve == needed.curve);
  };
  const auto named = parse_algorithm(*name);
  // A contradiction within one key is a mix-up, not another's business.
  if (named && !fits(*named)) return refused("alg " + *name + " does not fit kty or crv");
  if (!name->empty() && !named) return not_ours("its alg is none that we know");
  const auto chosen = std::ranges::find_if(wanted, [&](Algorithm algorithm) {
    return fits(algorithm) && (!named || algorithm == *named);
  });
  if (chosen == wanted.end()) return not_ours("it is for no wanted algorithm");
  auto material = read_material(jwk, *chosen);
  if (!material) return std::move(material).error();
  return JwkReading{.key = VerificationKey{*std::move(id), *chosen, *std::move(material)},
                    .passed_over = {}};
}

}  // namespace scoreboard::auth
