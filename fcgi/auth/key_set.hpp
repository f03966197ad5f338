// SPDX-License-Identifier: Apache-2.0
// Symmetric keys with ids, read from a JWK Set file (RFC 7517) of {"kty":"oct","kid","k"} entries.
// The first key makes, every key checks: put a new key in front and old tokens stay good until the
// old key is removed. Keys have at least 32 bytes; a kid is [A-Za-z0-9._-]{1,64}.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/secret.hpp"
#include "outcome/result.hpp"

namespace scoreboard::auth {

struct Key {
  std::string id;
  crypto::Secret secret;
};

bool is_key_id(std::string_view text);

// Immutable after loading, shared between threads.
class KeySet {
 public:
  // unavailable, with the reason in the log text, if the file is absent, unreadable, readable by
  // others than owner and group, malformed, or holds no key. Never logs key material.
  static Result<KeySet> load(const std::filesystem::path& file);
  static Result<KeySet> parse(std::string_view jwks);

  const Key& first() const { return keys_.front(); }
  const Key* find(std::string_view id) const;  // nullptr when unknown
  const std::vector<Key>& all() const { return keys_; }

 private:
  std::vector<Key> keys_;
};

// A JWK Set text with one new random 32-byte key named by its creation date and 4 random bytes,
// in front of those in `existing` (empty for none).
Result<std::string> with_new_key(std::string_view existing_jwks, std::string_view today);

// The same text without that key. malformed when no key has this id, or when it is the last one:
// nothing could be signed any more.
Result<std::string> without_key(std::string_view existing_jwks, std::string_view id);

}  // namespace scoreboard::auth
