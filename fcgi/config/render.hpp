// SPDX-License-Identifier: Apache-2.0
// The table of keys as configuration files.
#pragma once

#include <string>

#include "config/load.hpp"

namespace scoreboard::config {

// The complete file: each key with its meaning, unit, range and default. Loading it changes
// nothing.
std::string default_file();

// The settings in force, each with its origin as a comment. It is a configuration file, too.
std::string show(const Loaded& loaded);

}  // namespace scoreboard::config
