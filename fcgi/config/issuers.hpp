// SPDX-License-Identifier: Apache-2.0
// [issuers.NAME]: whose tokens are turned into sessions. The names are the operator's; what can be
// said of an issuer is the table here, from which the file, the environment, the default file and
// every error message follow, as from keys.hpp.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"

namespace scoreboard::config {

inline constexpr std::string_view issuers_section = "issuers";
inline constexpr std::string_view issuers_environment_prefix = "SCOREBOARD_ISSUERS_";

struct IssuerKey {
  std::string_view name;
  std::size_t bytes_min;  // 0: may be left empty
  std::size_t bytes_max;
  std::string_view meaning;
  std::string_view example;  // the default where there is one
  std::string (*get)(const Settings::Issuer&);
  void (*set)(Settings::Issuer&, const std::string&);
};

std::span<const IssuerKey> issuer_keys();
const IssuerKey* find_issuer_key(std::string_view name);  // nullptr if there is none
std::vector<std::string> issuer_key_names();
std::string dotted_name(std::string_view issuer, const IssuerKey& key);  // issuers.example.keys
std::string range_text(const IssuerKey& key);

// What is wrong, as the end of a sentence; empty if nothing is.
std::string issuer_name_complaint(std::string_view name);  // [a-z][a-z0-9]{0,31}
std::string complaint(const IssuerKey& key, std::string_view text);

// What no single key can tell: what is missing, and issuers that contradict each other or are
// ourselves.
struct IssuerComplaint {
  std::string about;  // the key's dotted name
  std::string text;   // a whole sentence
};
std::vector<IssuerComplaint> issuer_complaints(const Settings& settings);

// "RS256,ES256" -> {"RS256", "ES256"}, spaces around commas left out.
std::vector<std::string> algorithm_names(std::string_view list);

}  // namespace scoreboard::config
