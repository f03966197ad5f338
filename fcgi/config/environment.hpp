// SPDX-License-Identifier: Apache-2.0
// The environment, read over settings that are already there.
#pragma once

#include "config/load.hpp"

namespace scoreboard::config {

void apply_environment(const Environment& environment, Loaded& loaded);

}  // namespace scoreboard::config
