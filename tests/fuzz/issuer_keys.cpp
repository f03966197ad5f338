// SPDX-License-Identifier: Apache-2.0
// Another issuer's key set, which may say anything: what is accepted holds keys for what was
// wanted, each found by its own id, and no key believes a signature that nobody made.
#include <algorithm>
#include <array>

#include "auth/verification_keys.hpp"
#include "fuzz/property.hpp"
#include "json/value.hpp"

namespace scoreboard::fuzz {
namespace {

using auth::Algorithm;
using auth::VerificationKey;
using auth::VerificationKeys;

constexpr std::array every{Algorithm::hs256, Algorithm::rs256, Algorithm::es256, Algorithm::eddsa,
                           Algorithm::ps256};
constexpr std::array public_ones{Algorithm::rs256, Algorithm::es256, Algorithm::eddsa};

void keys_are_for_what_was_wanted(const VerificationKeys& keys, std::span<const Algorithm> wanted) {
  must(!keys.all().empty(), "there is a key");
  const bool secret = std::holds_alternative<crypto::Secret>(keys.all().front().material);
  for (const VerificationKey& key : keys.all()) {
    must(std::ranges::find(wanted, key.algorithm) != wanted.end(), "a key is for what was wanted");
    must(keys.find(key.id) == &key, "each id names one key");
    must(std::holds_alternative<crypto::Secret>(key.material) == secret,
         "secrets and public keys do not stand side by side");
    must((key.algorithm == Algorithm::hs256) == secret,
         "a secret is for HS256 and nothing else is");
    must(key.id.size() <= 256, "an id has its length");
    for (const std::size_t size : {0U, 1U, 32U, 64U, 256U}) {
      must(!key.verify("nobody signed this", std::string(size, '\x01')), "nobody signed this");
    }
  }
}

}  // namespace
}  // namespace scoreboard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace scoreboard::fuzz;
  const std::string_view text = text_of(data, size);
  const auto all = VerificationKeys::parse(text, every);
  if (all) keys_are_for_what_was_wanted(*all, every);
  const auto some = VerificationKeys::parse(text, public_ones);
  if (some) keys_are_for_what_was_wanted(*some, public_ones);
  if (all || some) {
    must(static_cast<bool>(scoreboard::json::parse_object(text)), "a set is strict JSON");
  }
  return 0;
}
