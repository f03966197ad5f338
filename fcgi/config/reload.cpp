// SPDX-License-Identifier: Apache-2.0
#include "config/reload.hpp"

#include "config/issuers.hpp"
#include "config/keys.hpp"
#include "config/points.hpp"

namespace scoreboard::config {
namespace {

void take_keys(const Settings& wanted, Reloaded& result) {
  for (const Key& key : keys()) {
    const Value value = key.get(wanted);
    if (value == key.get(result.settings)) continue;
    if (key.taken == Taken::at_start) {
      result.restart_needed.push_back(dotted_name(key));
      continue;
    }
    key.set(result.settings, value);
    result.changed.push_back(dotted_name(key));
  }
}

// Calls `changed` with each name that is in one map only, or `both` with its two values.
template <class Map, class Changed, class Both>
void compare(const Map& before, const Map& after, Changed changed, Both both) {
  for (const auto& [name, value] : before) {
    const auto found = after.find(name);
    if (found == after.end()) {
      changed(name);
    } else {
      both(name, value, found->second);
    }
  }
  for (const auto& [name, value] : after) {
    if (!before.contains(name)) changed(name);
  }
}

void take_points(const Settings& wanted, Reloaded& result) {
  const auto changed = [&](const std::string& name) {
    result.changed.push_back(std::string(points_section) + "." + name);
  };
  compare(result.settings.points, wanted.points, changed,
          [&](const std::string& name, std::int64_t before, std::int64_t after) {
            if (before != after) changed(name);
          });
  result.settings.points = wanted.points;
}

void take_issuers(const Settings& wanted, Reloaded& result) {
  const auto changed = [&](const std::string& name) {
    result.changed.push_back(std::string(issuers_section) + "." + name);
  };
  compare(
      result.settings.issuers, wanted.issuers, changed,
      [&](const std::string& name, const Settings::Issuer& before, const Settings::Issuer& after) {
        for (const IssuerKey& key : issuer_keys()) {
          if (key.get(before) != key.get(after)) {
            result.changed.push_back(dotted_name(name, key));
          }
        }
      });
  result.settings.issuers = wanted.issuers;
}

}  // namespace

Reloaded reload(const Settings& running, const Settings& wanted) {
  Reloaded result{.settings = running, .changed = {}, .restart_needed = {}};
  take_keys(wanted, result);
  take_points(wanted, result);
  take_issuers(wanted, result);
  return result;
}

}  // namespace scoreboard::config
