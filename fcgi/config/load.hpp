// SPDX-License-Identifier: Apache-2.0
// Settings from their sources, each of which wins over those before it:
//
//   defaults
//   the file
//   conf.d/*.toml beside the file, by name: each changes the keys that it names
//   the environment: SCOREBOARD_<SECTION>_<KEY>, as SCOREBOARD_SERVER_THREADS
//   the command line: --set section.key=value
//
// A [points] table in the file replaces the default table whole; in conf.d, in the environment
// (SCOREBOARD_POINTS_<ACTION TYPE>) and on the command line it adds entries or changes them.
//
// Every fault of every source is found in one go, so that an operator mends them once.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace scoreboard::config {

using Environment = std::map<std::string, std::string>;

struct Fault {
  std::string file;  // or "environment", "command line"
  int line = 0;      // from 1; 0 where there are none
  int column = 0;
  std::string message;
};

// Where a value comes from.
struct Origin {
  std::string source;  // "default", a file, a variable's name or "--set"
  int line = 0;        // from 1; 0 unless the source is a file
  int column = 0;
};

struct Loaded {
  Settings settings;          // use it only if there are no faults
  std::vector<Fault> faults;  // in the order of the sources, files from top to bottom
  // By "section.key"; of an issuer also by "issuers.name".
  std::map<std::string, Origin> origin;
};

// An empty path means no file, and no conf.d; a file that cannot be read is a fault. `assignments`
// are what followed each --set.
Loaded load(const std::filesystem::path& file_or_empty, const Environment& environment,
            const std::vector<std::string>& assignments = {});

// This process's variables whose names begin with SCOREBOARD_.
Environment environment();

// "file:line:column: message", as compilers write it; without anything that a terminal would obey.
std::string to_string(const Fault& fault);
std::string to_string(const Origin& origin);  // "file:line"

}  // namespace scoreboard::config
