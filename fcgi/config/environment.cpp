// SPDX-License-Identifier: Apache-2.0
#include "config/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "config/issuers.hpp"
#include "config/keys.hpp"
#include "config/points.hpp"
#include "config/suggestion.hpp"
#include "config/texts.hpp"

namespace scoreboard::config {
namespace {

constexpr std::string_view prefix = "SCOREBOARD_";

Setter setter_of(const std::string& variable) {
  return {.source = "environment", .name = variable, .origin = variable};
}

// SCOREBOARD_ISSUERS_<NAME>_<KEY>: a name holds no underscore.
void apply_issuer(const std::string& variable, const std::string& text, Loaded& loaded) {
  std::string rest = variable.substr(issuers_environment_prefix.size());
  for (char& c : rest) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const std::string name = rest.substr(0, rest.find('_'));
  const std::string key = rest.substr(std::min(rest.size(), name.size() + 1));
  set_issuer(setter_of(variable), name, key, text, loaded);
}

bool names_a_section(std::string_view variable) {
  for (const Key& key : keys()) {
    const std::string name = environment_name(key);
    const std::size_t start = prefix.size() + key.section.size() + 1;
    if (variable.starts_with(std::string_view(name).substr(0, start))) return true;
  }
  return false;
}

// Of a section's own name, which sets nothing, how its keys are named; empty for any other.
std::string keys_below(const std::string& variable) {
  const std::string start = variable + "_";
  if (start == points_environment_prefix) return start + "<ACTION TYPE>";
  if (start == issuers_environment_prefix) return start + "<NAME>_<KEY>";
  for (const Key& key : keys()) {
    const std::string name = environment_name(key);
    if (start == name.substr(0, prefix.size() + key.section.size() + 1)) return start + "<KEY>";
  }
  return {};
}

// Other programs may have variables with our prefix. What names one of our sections, or is close
// to one of our names, is a slip of the operator's.
void check_stranger(const std::string& variable, Loaded& loaded) {
  std::vector<std::string> names;
  for (const Key& key : keys()) names.push_back(environment_name(key));
  std::string close;
  for (const std::string& name : names) {
    if (edit_distance(variable, name) <= 2) close = name;
  }
  if (const std::string below = keys_below(variable); !below.empty()) {
    return refuse(setter_of(variable), " sets nothing: it names a section, whose keys are " + below,
                  loaded);
  }
  if (close.empty() && !names_a_section(variable)) return;
  if (close.empty()) close = closest(variable, names);
  refuse(setter_of(variable), " sets nothing" + meant(close), loaded);
}

}  // namespace

void apply_environment(const Environment& environment, Loaded& loaded) {
  std::map<std::string, const Key*> by_name;
  for (const Key& key : keys()) by_name[environment_name(key)] = &key;
  for (const auto& [variable, text] : environment) {
    if (const auto found = by_name.find(variable); found != by_name.end()) {
      set_key(setter_of(variable), *found->second, text, loaded);
    } else if (variable.starts_with(points_environment_prefix)) {
      set_points(setter_of(variable), variable.substr(points_environment_prefix.size()), text,
                 loaded);
    } else if (variable.starts_with(issuers_environment_prefix)) {
      apply_issuer(variable, text, loaded);
    } else if (variable.starts_with(prefix)) {
      check_stranger(variable, loaded);
    }
  }
}

Environment environment() {
  Environment ours;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const std::size_t equals = pair.find('=');
    if (pair.starts_with(prefix) && equals != std::string_view::npos) {
      ours.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
  }
  return ours;
}

}  // namespace scoreboard::config
