// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace scoreboard::config {

// The table of keys as the manual page scoreboard.toml(5), in mdoc(7).
std::string manual();

}  // namespace scoreboard::config
