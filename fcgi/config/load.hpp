// SPDX-License-Identifier: Apache-2.0
// Settings from their three sources: defaults, then the file, then the environment. Every fault is
// found in one go, so that an operator mends a file once.
//
// The environment's names are SCOREBOARD_<SECTION>_<KEY>, as SCOREBOARD_SERVER_THREADS, and
// SCOREBOARD_POINTS_<ACTION TYPE>. A [points] table in the file replaces the default table whole;
// the environment adds to it or changes one entry.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace scoreboard::config {

using Environment = std::map<std::string, std::string>;

struct Fault {
  std::string file;  // or "environment"
  int line = 0;      // from 1; 0 where there are none
  int column = 0;
  std::string message;
};

struct Loaded {
  Settings settings;          // use it only if there are no faults
  std::vector<Fault> faults;  // in the order of the file, then of the environment
  // Where each value comes from, by "section.key": "default", "file:line" or a variable's name.
  std::map<std::string, std::string> origin;
};

// An empty path means no file; a file that cannot be read is a fault.
Loaded load(const std::filesystem::path& file_or_empty, const Environment& environment);

// This process's variables whose names begin with SCOREBOARD_.
Environment environment();

// "file:line:column: message", as compilers write it.
std::string to_string(const Fault& fault);

}  // namespace scoreboard::config
