// SPDX-License-Identifier: Apache-2.0
// A short look at a database, for an operator: does it answer, has it our schema, how far is it?
#pragma once

#include <string>

#include "outcome/result.hpp"
#include "store/records.hpp"

namespace scoreboard {

struct DatabaseState {
  std::string engine;  // "postgresql" or "sqlite"
  JournalHead head;
};

// Nothing is counted and nothing kept. unavailable when it does not answer, and, with advice in the
// log text, when its schema is not this program's.
Result<DatabaseState> look_at_database(const std::string& uri);
// The same of a standby.
Result<DatabaseState> look_at_replica(const std::string& uri);

}  // namespace scoreboard
