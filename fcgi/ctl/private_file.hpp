// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "outcome/result.hpp"

namespace scoreboard::ctl {

// Puts a file that holds secrets in its place whole or not at all, for the owner only (0600) from
// its first byte. One that was there before keeps its owner, group and the group's right to read,
// so that a rotated key stays readable for the service. `unavailable` with the reason for the log.
Result<void> write_private_file(const std::filesystem::path& file, std::string_view text);

}  // namespace scoreboard::ctl
