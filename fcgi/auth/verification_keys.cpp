// SPDX-License-Identifier: Apache-2.0
#include "auth/verification_keys.hpp"

#include <algorithm>
#include <utility>

#include "auth/jwk.hpp"
#include "crypto/bytes.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/hmac.hpp"
#include "json/value.hpp"

namespace scoreboard::auth {
namespace {

Error refused(std::string reason) {
  return {.code = ErrorCode::malformed, .log = "keys: " + std::move(reason)};
}

crypto::SignatureScheme scheme_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256:  // none; its key is no public one
    case Algorithm::rs256:
      return crypto::SignatureScheme::rsa_pkcs1_sha256;
    case Algorithm::ps256:
      return crypto::SignatureScheme::rsa_pss_sha256;
    case Algorithm::es256:
      return crypto::SignatureScheme::ecdsa_p256_sha256;
    case Algorithm::eddsa:
      break;
  }
  return crypto::SignatureScheme::ed25519;
}

bool is_secret(const VerificationKey& key) {
  return std::holds_alternative<crypto::Secret>(key.material);
}

}  // namespace

bool VerificationKey::verify(std::string_view message, std::string_view signature) const {
  if (const auto* secret = std::get_if<crypto::Secret>(&material)) {
    const auto expected = crypto::hmac_sha256(secret->bytes(), message);
    return crypto::constant_time_equal(signature, crypto::text_of(expected));
  }
  return std::get<crypto::PublicKey>(material).verify(scheme_of(algorithm), message,
                                                      crypto::bytes_of(signature));
}

Result<VerificationKeys> VerificationKeys::parse(std::string_view jwk_or_set,
                                                 std::span<const Algorithm> wanted) {
  const auto root = json::parse_object(jwk_or_set);
  if (!root) return refused(root.error().log);
  const auto list = root->find("keys");
  if (list && !list->is_array()) return refused("\"keys\" is no array");
  VerificationKeys set;
  int number = 0;
  for (const json::Value& jwk : list ? list->elements() : std::vector{*root}) {
    const std::string which = "key " + std::to_string(++number) + ": ";
    auto reading = read_jwk(jwk, wanted);
    if (!reading) return refused(which + reading.error().log);
    if (reading->key) {
      set.keys_.push_back(*std::move(reading->key));
    } else {
      set.passed_over_.push_back(which + reading->passed_over);
    }
  }
  if (set.keys_.empty()) {
    return refused("no key for what is wanted" +
                   (set.passed_over_.empty() ? "" : "; " + set.passed_over_.front()));
  }
  for (const VerificationKey& key : set.keys_) {
    if (set.keys_.size() > 1 && key.id.empty()) return refused("one of several has no kid");
    if (std::ranges::count(set.keys_, key.id, &VerificationKey::id) > 1) {
      return refused("kid " + key.id + " twice");
    }
    // A public key's text must never be taken for a secret, nor the reverse.
    if (is_secret(key) != is_secret(set.keys_.front())) {
      return refused("secret and public keys side by side");
    }
  }
  return set;
}

const VerificationKey* VerificationKeys::find(std::string_view id) const {
  const bool unnamed = id.empty() || keys_.front().id.empty();
  if (keys_.size() == 1 && unnamed) return &keys_.front();
  if (id.empty()) return nullptr;
  const auto found = std::ranges::find(keys_, id, &VerificationKey::id);
  return found == keys_.end() ? nullptr : &*found;
}

}  // namespace scoreboard::auth
