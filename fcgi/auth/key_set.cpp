// SPDX-License-Identifier: Apache-2.0
#include "auth/key_set.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "auth/key_file.hpp"
#include "crypto/base64url.hpp"
#include "crypto/bytes.hpp"
#include "crypto/random.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace scoreboard::auth {
namespace {

// RFC 7518 section 3.2: a key of at least the size of the hash.
constexpr std::size_t key_bytes_min = 32;

Error refused(std::string reason) {
  return {.code = ErrorCode::unavailable, .log = "key set: " + std::move(reason)};
}

std::optional<std::string> text_member(const json::Value& object, std::string_view name) {
  const auto member = object.find(name);
  if (!member || !member->is_string()) return std::nullopt;
  return member->string();
}

// An optional member that, if it is there, may have one value only.
bool is_absent_or(const json::Value& object, std::string_view name, std::string_view only) {
  return !object.find(name) || text_member(object, name) == only;
}

Result<Key> parse_key(const json::Value& entry) {
  const auto id = text_member(entry, "kid");
  if (!id || !is_key_id(*id)) return refused("a kid must be 1 to 64 of A-Z a-z 0-9 . _ -");
  // A public or encryption key in this file is a mix-up that must not become a signing key.
  if (text_member(entry, "kty") != "oct") return refused("key " + *id + ": kty must be oct");
  if (!is_absent_or(entry, "alg", "HS256")) return refused("key " + *id + ": alg must be HS256");
  if (!is_absent_or(entry, "use", "sig")) return refused("key " + *id + ": use must be sig");
  const auto encoded = text_member(entry, "k");
  auto bytes = encoded ? crypto::parse_base64url(*encoded) : std::nullopt;
  if (!bytes) return refused("key " + *id + ": k must be base64url without padding");
  crypto::Secret secret(*std::move(bytes));
  if (secret.size() < key_bytes_min) return refused("key " + *id + ": shorter than 32 bytes");
  return Key{*id, std::move(secret)};
}

void write_key(json::Writer& writer, const Key& key) {
  writer.begin_object();
  writer.key("kty").string("oct").key("alg").string("HS256").key("kid").string(key.id);
  writer.key("k").string(crypto::base64url(key.secret.bytes())).end_object();
}

std::string jwks_of(const std::vector<const Key*>& keys) {
  json::Writer writer;
  writer.begin_object().key("keys").begin_array();
  for (const Key* key : keys) write_key(writer, *key);
  writer.end_array().end_object();
  return std::move(writer).take() + "\n";
}

}  // namespace

bool is_key_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

Result<KeySet> KeySet::load(const std::filesystem::path& file) {
  auto text = read_key_file(file);
  if (!text) return std::move(text).error();
  auto keys = parse(crypto::text_of(text->bytes()));
  if (!keys) {
    return Error{.code = ErrorCode::unavailable, .log = file.string() + ": " + keys.error().log};
  }
  return keys;
}

Result<KeySet> KeySet::parse(std::string_view jwks) {
  const auto root = json::parse_object(jwks);
  if (!root) return refused(root.error().log);
  const auto entries = root->find("keys");
  if (!entries || !entries->is_array()) return refused("no \"keys\" array");
  KeySet set;
  for (const json::Value& entry : entries->elements()) {
    auto key = parse_key(entry);
    if (!key) return std::move(key).error();
    if (set.find(key->id)) return refused("key " + key->id + " twice");
    set.keys_.push_back(*std::move(key));
  }
  if (set.keys_.empty()) return refused("no key");
  return set;
}

const Key* KeySet::find(std::string_view id) const {
  const auto found = std::ranges::find(keys_, id, &Key::id);
  return found == keys_.end() ? nullptr : &*found;
}

Result<std::string> with_new_key(std::string_view existing_jwks, std::string_view today) {
  KeySet existing;
  if (!existing_jwks.empty()) {
    auto parsed = KeySet::parse(existing_jwks);
    if (!parsed) return std::move(parsed).error();
    existing = *std::move(parsed);
  }
  const Key made{std::string(today) + "-" + crypto::random_hex(4),
                 crypto::Secret(crypto::random_bytes(key_bytes_min))};
  if (!is_key_id(made.id)) {
    return Error{.code = ErrorCode::malformed, .log = "the date cannot name a key"};
  }
  std::vector<const Key*> keys{&made};
  for (const Key& key : existing.all()) keys.push_back(&key);
  return jwks_of(keys);
}

Result<std::string> without_key(std::string_view existing_jwks, std::string_view id) {
  const auto existing = KeySet::parse(existing_jwks);
  if (!existing) return existing.error();
  const auto malformed = [&](const char* reason) {
    return Error{.code = ErrorCode::malformed, .log = "key " + std::string(id) + " " + reason};
  };
  if (!existing->find(id)) return malformed("is not in the file");
  if (existing->all().size() == 1) return malformed("is the last one; make a new one first");
  std::vector<const Key*> keys;
  for (const Key& key : existing->all()) {
    if (key.id != id) keys.push_back(&key);
  }
  return jwks_of(keys);
}

}  // namespace scoreboard::auth
