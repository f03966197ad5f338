// SPDX-License-Identifier: Apache-2.0
// Room on the file systems that must not fill up.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "doctor/finding.hpp"

namespace scoreboard::doctor {

struct Space {
  std::filesystem::path directory;
  bool known = false;
  bool in_memory = false;  // tmpfs
  std::uint64_t bytes = 0;
  std::uint64_t bytes_free = 0;  // for who is not root
  std::uint64_t files = 0;       // 0: the file system does not count them
  std::uint64_t files_free = 0;
};
Space look_at_space(const std::filesystem::path& directory);

// `check`: "disk.database"; what lies there is `what`.
Finding space_finding(const std::string& check, const std::string& what, const Space& space);
// Of a database whose directory was not told, or that is not seen to be here.
Finding unseen_disk_finding(const std::string& role, bool on_this_host);
// Of a known one: the board is written there up to twenty times a second.
Finding snapshot_place_finding(const Space& space);

}  // namespace scoreboard::doctor
