// SPDX-License-Identifier: Apache-2.0
// What systemd gives the workers besides the configuration: variables, which win over every file,
// and copies of files that root alone may read.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/load.hpp"
#include "doctor/finding.hpp"

namespace scoreboard::doctor {

struct WorkerUnit {
  struct File {
    std::string pattern;    // may have * in it
    bool optional = false;  // "-" before it: may be missing
  };
  config::Environment environment = {};  // SCOREBOARD_... as the unit's files have them
  std::map<std::string, std::string> credentials = {};  // LoadCredential: name, file
  std::vector<File> environment_files = {};             // whose variables win over those
  std::vector<std::string> missing = {};  // of them, without which systemd starts no worker
};

// Of what `systemctl cat` prints: the unit's file and after it those that amend it.
WorkerUnit parse_unit(std::string_view text);
// With what its environment files say.
WorkerUnit with_environment_files(WorkerUnit unit);
// scoreboard@1.service, with_environment_files(); empty where there is none.
WorkerUnit look_at_worker_unit();

// The variables with each copy's name replaced by that of the file it is made of.
config::Environment variables_of(const WorkerUnit& unit);
// Whether systemd, which is root, reads this file for the workers.
bool is_credential(const WorkerUnit& unit, const std::filesystem::path& file);

// `own`: the configuration without the unit's variables, `in_force`: with them. A value of the
// operator's that the workers never see is told, and so is a file that is missing.
Findings unit_findings(const WorkerUnit& unit, const config::Loaded& own,
                       const config::Loaded& in_force);

}  // namespace scoreboard::doctor
