// SPDX-License-Identifier: Apache-2.0
// The file, read over settings that are already there. The only user of toml++.
#pragma once

#include <filesystem>

#include "config/load.hpp"

namespace scoreboard::config {

void apply_file(const std::filesystem::path& file, Loaded& loaded);

}  // namespace scoreboard::config
