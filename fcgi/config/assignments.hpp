// SPDX-License-Identifier: Apache-2.0
// What the command line sets: --set section.key=value, the last source and the strongest.
#pragma once

#include <string>
#include <vector>

#include "config/load.hpp"

namespace scoreboard::config {

// Each is "section.key=value": server.threads=16, points.JUMP=3, issuers.acme.keys=/path. The value
// stands as it is, without quotes.
void apply_assignments(const std::vector<std::string>& assignments, Loaded& loaded);

}  // namespace scoreboard::config
