// SPDX-License-Identifier: Apache-2.0
// How the checks look at the host: programs and small files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace scoreboard::doctor {

struct Ran {
  int status = 0;    // its exit status
  std::string text;  // of both its outputs, the first 64 KiB
};

// Runs a program of the search path, without input; nothing if it cannot be started or is killed.
std::optional<Ran> run(const std::vector<std::string>& command);

// The files and directories of that name, which may have * in it, in their order.
std::vector<std::filesystem::path> matching(const std::filesystem::path& pattern);

// Nothing if it cannot be read; at most 1 MiB.
std::optional<std::string> contents(const std::filesystem::path& file);

}  // namespace scoreboard::doctor
