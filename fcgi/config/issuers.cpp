// SPDX-License-Identifier: Apache-2.0
#include "config/issuers.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "ops/regular_file.hpp"

namespace scoreboard::config {
namespace {

using Issuer = Settings::Issuer;

template <auto Member>
std::string get(const Issuer& issuer) {
  return std::string(issuer.*Member);
}
template <auto Member>
void set(Issuer& issuer, const std::string& text) {
  issuer.*Member = text;
}

template <auto Member>
constexpr IssuerKey key(std::string_view name, std::size_t bytes_min, std::size_t bytes_max,
                        std::string_view example, std::string_view meaning) {
  return {.name = name,
          .bytes_min = bytes_min,
          .bytes_max = bytes_max,
          .meaning = meaning,
          .example = example,
          .get = get<Member>,
          .set = set<Member>};
}

constexpr std::array<IssuerKey, 5> table{
    key<&Issuer::issuer>(
        "issuer", 1, 255, "https://login.example",
        "What the issuer calls itself in its tokens (iss), to the letter. Users are told apart "
        "by it and their sub: change it only together with the issuer."),
    key<&Issuer::audience>("audience", 1, 255, "scoreboard",
                           "What its tokens call us (aud); tokens for others are refused."),
    key<&Issuer::keys>(
        "keys", 1, 4095, "/etc/scoreboard/issuers/example.jwks",
        "File with the issuer's public keys, a JWK Set. Replace it to rotate them: workers notice "
        "within two seconds, and keep the old keys while the file is not a good one."),
    key<&Issuer::algorithms>(
        "algorithms", 1, 64, "RS256,ES256,EdDSA",
        "Algorithms that its keys may be for, with commas between; PS256 is there for whoever "
        "names it. Keys for anything else are passed over."),
    key<&Issuer::username_claim>(
        "username_claim", 0, 64, "preferred_username",
        "Claim that holds the user name somebody would like. It is given at first sight if it is "
        "free and a good name, else one is made up. Empty: one is made up always.")};

constexpr std::array<std::string_view, 4> algorithms{"RS256", "ES256", "EdDSA", "PS256"};

std::string algorithms_complaint(std::string_view text) {
  std::vector<std::string> names = algorithm_names(text);
  for (const std::string& name : names) {
    if (std::ranges::find(algorithms, name) == algorithms.end()) {
      return "names \"" + name + "\"; there are RS256, ES256, EdDSA and PS256";
    }
  }
  std::ranges::sort(names);
  if (std::ranges::adjacent_find(names) != names.end()) return "names an algorithm twice";
  return {};
}

std::string section_of(const std::string& name) {
  return "[" + std::string(issuers_section) + "." + name + "]";
}

}  // namespace

std::span<const IssuerKey> issuer_keys() {
  return table;
}

const IssuerKey* find_issuer_key(std::string_view name) {
  const auto* const found = std::ranges::find(table, name, &IssuerKey::name);
  return found == table.end() ? nullptr : found;
}

std::vector<std::string> issuer_key_names() {
  std::vector<std::string> names;
  names.reserve(table.size());
  for (const IssuerKey& key : table) names.emplace_back(key.name);
  return names;
}

std::string dotted_name(std::string_view issuer, const IssuerKey& key) {
  return std::string(issuers_section) + "." + std::string(issuer) + "." + std::string(key.name);
}

std::string range_text(const IssuerKey& key) {
  return "from " + std::to_string(key.bytes_min) + " to " + std::to_string(key.bytes_max) +
         " bytes long";
}

std::string issuer_name_complaint(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  const bool good = !name.empty() && name.size() <= 32 && name.front() >= 'a' &&
                    name.front() <= 'z' && std::ranges::all_of(name, allowed);
  if (good) return {};
  return "is no name for an issuer; one has up to 32 small letters and digits and begins with a "
         "letter";
}

std::string complaint(const IssuerKey& key, std::string_view text) {
  if (text.size() < key.bytes_min) return "must not be empty";
  if (text.size() > key.bytes_max) {
    return "is too long; it must be at most " + std::to_string(key.bytes_max) + " bytes long";
  }
  if (text.find('\0') != std::string_view::npos) return "must not contain a NUL byte";
  if (key.name == "algorithms") return algorithms_complaint(text);
  return {};
}

std::vector<IssuerComplaint> issuer_complaints(const Settings& settings) {
  std::vector<IssuerComplaint> complaints;
  std::map<std::string, std::string> sections;  // by iss
  for (const auto& [name, issuer] : settings.issuers) {
    const auto complain = [&, &of = name](std::string_view key, const std::string& rest) {
      complaints.push_back(
          {.about = std::string(issuers_section) + "." + of + "." + std::string(key),
           .text = section_of(of) + rest});
    };
    for (const IssuerKey& key : table) {
      if (key.bytes_min > 0 && key.get(issuer).empty()) {
        complain(key.name, " has no " + std::string(key.name));
      }
    }
    if (issuer.issuer.empty()) continue;
    if (issuer.issuer == settings.auth.issuer) {
      complain("issuer", " is our own issuer, auth.issuer");
    }
    const auto [other, first] = sections.emplace(issuer.issuer, name);
    if (!first) {
      complain("issuer", " and " + section_of(other->second) + " are the same issuer");
    }
    if (same_file(issuer.keys, settings.auth.access_keys) ||
        same_file(issuer.keys, settings.auth.action_keys)) {
      complain("keys", " has a file of our own secret keys as its keys");
    }
  }
  return complaints;
}

std::vector<std::string> algorithm_names(std::string_view list) {
  std::vector<std::string> names;
  for (;;) {
    const auto comma = list.find(',');
    std::string_view name = list.substr(0, comma);
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    names.emplace_back(name);
    if (comma == std::string_view::npos) return names;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace scoreboard::config
