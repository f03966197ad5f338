// SPDX-License-Identifier: Apache-2.0
// What a running process takes of settings that were read anew. Values in, values out.
#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace scoreboard::config {

struct Reloaded {
  Settings settings;  // the running ones, with what may change while we run as it is wanted now
  // Names such as "limits.awards", "points.JUMP", "issuers.acme.keys", or "issuers.acme" for one
  // that came or went.
  std::vector<std::string> changed;
  std::vector<std::string> restart_needed;  // wanted otherwise, and taken at start only
};

// Both are free of faults. Points and issuers are taken whole.
Reloaded reload(const Settings& running, const Settings& wanted);

}  // namespace scoreboard::config
