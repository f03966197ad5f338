// SPDX-License-Identifier: Apache-2.0
// Our own key files: readable, private, and not too old.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "doctor/finding.hpp"

namespace scoreboard::doctor {

struct KeyFile {
  std::filesystem::path path;
  std::string complaint = {};  // why it is no good, and what to do; empty: it is good
  std::size_t keys = 0;
  std::chrono::hours age{0};  // since the last key came or went
};
KeyFile look_at_key_file(const std::filesystem::path& path);

// `check`: "keys.access".
Finding key_finding(const std::string& check, const KeyFile& file);

}  // namespace scoreboard::doctor
