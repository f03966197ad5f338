// SPDX-License-Identifier: Apache-2.0
// The other issuers of the configuration, each with its rules and its keys.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/issuer_token.hpp"
#include "auth/key_source.hpp"
#include "auth/verification_keys.hpp"
#include "config/settings.hpp"

namespace scoreboard::api {

struct Issuer {
  auth::IssuerRules rules;
  // The keys, and what they were made from.
  std::filesystem::path file;
  std::string algorithms;
  std::shared_ptr<auth::KeySource<auth::VerificationKeys>> keys;
};

// As read_key_file and VerificationKeys::parse: the keys that count for this issuer.
Result<auth::VerificationKeys> read_issuer_keys(const config::Settings::Issuer& issuer);

// Reads the key files; an issuer without a good one is there and has no keys. What `before` has of
// the same file for the same algorithms is taken over, with the keys that it holds.
std::vector<Issuer> make_issuers(const config::Settings& settings,
                                 const std::vector<Issuer>& before = {});

// nullptr when the configuration has none of this name (iss, to the letter).
const Issuer* find_issuer(const std::vector<Issuer>& issuers, std::string_view name);

}  // namespace scoreboard::api
