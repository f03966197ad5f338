// SPDX-License-Identifier: Apache-2.0
#include "api/issuers.hpp"

#include <algorithm>
#include <utility>

#include "auth/algorithm.hpp"
#include "auth/key_file.hpp"
#include "config/issuers.hpp"
#include "crypto/bytes.hpp"

namespace scoreboard::api {
namespace {

// The configuration was checked: every name is one of ours. In the order of `algorithm.hpp`, so
// that an RSA key that does not say so is for RS256 where that may be.
std::vector<auth::Algorithm> algorithms_of(const config::Settings::Issuer& issuer) {
  std::vector<auth::Algorithm> algorithms;
  for (const std::string& name : config::algorithm_names(issuer.algorithms)) {
    if (const auto algorithm = auth::parse_algorithm(name)) algorithms.push_back(*algorithm);
  }
  std::ranges::sort(algorithms);
  return algorithms;
}

using Source = auth::KeySource<auth::VerificationKeys>;

std::shared_ptr<Source> keys_of(const config::Settings::Issuer& issuer,
                                const std::vector<Issuer>& before) {
  const auto same = std::ranges::find_if(before, [&](const Issuer& one) {
    return one.file == issuer.keys && one.algorithms == issuer.algorithms;
  });
  if (same != before.end()) return same->keys;
  auto parse = [algorithms = algorithms_of(issuer)](std::string_view text) {
    return auth::VerificationKeys::parse(text, algorithms);
  };
  // Nothing in the file is secret; whoever may write it may be anybody here.
  return std::make_shared<Source>(issuer.keys, auth::Kept::intact, std::move(parse));
}

}  // namespace

Result<auth::VerificationKeys> read_issuer_keys(const config::Settings::Issuer& issuer) {
  const auto text = auth::read_key_file(issuer.keys, auth::Kept::intact);
  if (!text) return text.error();
  return auth::VerificationKeys::parse(crypto::text_of(text->bytes()), algorithms_of(issuer));
}

std::vector<Issuer> make_issuers(const config::Settings& settings,
                                 const std::vector<Issuer>& before) {
  std::vector<Issuer> issuers;
  issuers.reserve(settings.issuers.size());
  for (const auto& [name, issuer] : settings.issuers) {
    issuers.push_back({.rules = {.issuer = issuer.issuer,
                                 .audience = issuer.audience,
                                 .username_claim = issuer.username_claim},
                       .file = issuer.keys,
                       .algorithms = issuer.algorithms,
                       .keys = keys_of(issuer, before)});
  }
  return issuers;
}

const Issuer* find_issuer(const std::vector<Issuer>& issuers, std::string_view name) {
  const auto found = std::ranges::find_if(
      issuers, [&](const Issuer& issuer) { return issuer.rules.issuer == name; });
  return found == issuers.end() ? nullptr : &*found;
}

}  // namespace scoreboard::api
