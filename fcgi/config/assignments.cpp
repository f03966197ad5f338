// SPDX-License-Identifier: Apache-2.0
#include "config/assignments.hpp"

#include <algorithm>

#include "config/issuers.hpp"
#include "config/keys.hpp"
#include "config/points.hpp"
#include "config/suggestion.hpp"
#include "config/texts.hpp"

namespace scoreboard::config {
namespace {

// The dotted name that was probably meant: a near one, or the one key that is called so.
std::string probably(const std::string& name) {
  std::vector<std::string> names;
  for (const Key& key : keys()) {
    if (key.name == name.substr(name.rfind('.') + 1)) return dotted_name(key);
    names.push_back(dotted_name(key));
  }
  return closest(name, names);
}

void apply(const std::string& name, const std::string& text, Loaded& loaded) {
  const Setter setter{.source = "command line", .name = "--set " + name, .origin = "--set"};
  const auto known =
      std::ranges::find_if(keys(), [&](const Key& key) { return dotted_name(key) == name; });
  if (known != keys().end()) return set_key(setter, *known, text, loaded);

  const std::string section = name.substr(0, name.find('.'));
  const std::string rest = name.substr(std::min(name.size(), section.size() + 1));
  if (section == points_section && !rest.empty()) return set_points(setter, rest, text, loaded);
  if (section == issuers_section && !rest.empty()) {
    const std::string issuer = rest.substr(0, rest.find('.'));
    const std::string key = rest.substr(std::min(rest.size(), issuer.size() + 1));
    return set_issuer(setter, issuer, key, text, loaded);
  }
  refuse(setter, " sets nothing" + meant(probably(name)), loaded);
}

}  // namespace

void apply_assignments(const std::vector<std::string>& assignments, Loaded& loaded) {
  for (const std::string& assignment : assignments) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos) {
      refuse({.source = "command line", .name = "--set " + assignment, .origin = "--set"},
             " has no value; it is --set section.key=value", loaded);
      continue;
    }
    apply(assignment.substr(0, equals), assignment.substr(equals + 1), loaded);
  }
}

}  // namespace scoreboard::config
