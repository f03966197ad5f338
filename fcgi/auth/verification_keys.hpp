// SPDX-License-Identifier: Apache-2.0
// Keys that check what somebody else signed, read from a JWK or a JWK Set (RFC 7517, RFC 7518
// section 6, RFC 8037). Each key is good for one algorithm: the one it names, or the first wanted
// one that fits its type.
//
// A set may hold keys that are none of our business (for encryption, for signing only, of other
// types or algorithms): they are passed over. A key that is meant for us and is no good (a short
// or weak one, a point off its curve, a missing or misspelt number) makes the whole set refused,
// and so do two keys of one id, and secret and public keys side by side.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "auth/algorithm.hpp"
#include "crypto/public_key.hpp"
#include "crypto/secret.hpp"
#include "outcome/result.hpp"

namespace scoreboard::auth {

struct VerificationKey {
  std::string id;  // empty: none. Others' ids: 1 to 256 printable ASCII characters.
  Algorithm algorithm;
  std::variant<crypto::Secret, crypto::PublicKey> material;

  // Whether `signature` is one of `message` under this key's algorithm. A secret's is compared in
  // constant time.
  bool verify(std::string_view message, std::string_view signature) const;
};

// Immutable after parsing, shared between threads.
class VerificationKeys {
 public:
  // malformed, with the reason and no key material in the log text, if the text is refused or no
  // key of it is for any of the wanted algorithms.
  static Result<VerificationKeys> parse(std::string_view jwk_or_set,
                                        std::span<const Algorithm> wanted);

  // nullptr when unknown. An absent id, written as empty, is enough where there is one key only.
  const VerificationKey* find(std::string_view id) const;
  const std::vector<VerificationKey>& all() const { return keys_; }
  // For the operator: why a key of the set is none of these.
  const std::vector<std::string>& passed_over() const { return passed_over_; }

 private:
  std::vector<VerificationKey> keys_;
  std::vector<std::string> passed_over_;
};

}  // namespace scoreboard::auth
