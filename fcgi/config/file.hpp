// SPDX-License-Identifier: Apache-2.0
// A file, read over settings that are already there. The only user of toml++.
#pragma once

#include <filesystem>

#include "config/load.hpp"

namespace scoreboard::config {

// What a [points] table does with the entries that are already there.
enum class PointsTable { replaces, amends };

void apply_file(const std::filesystem::path& file, PointsTable points, Loaded& loaded);

}  // namespace scoreboard::config
