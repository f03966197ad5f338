// SPDX-License-Identifier: Apache-2.0
// What a database has had of the numbered files of sql/, which are built into the program
// (Engine::migrations).
#pragma once

#include <string>
#include <vector>

#include "outcome/result.hpp"
#include "store/connection.hpp"

namespace scoreboard::store {

struct MigrationReport {
  int version = 0;  // of the database now
  std::vector<std::string> applied;
};

// Applies what is missing, each file in a transaction of its own; makes the database if there is
// none (SQLite's file; a PostgreSQL database and its owner are an administrator's to make). Two at
// a time are safe: the second waits and finds nothing to do. unavailable with the reason if a file
// that was applied has changed since, or the database is newer than this program.
Result<MigrationReport> migrate(const std::string& uri);

// Whether this program understands the database: exactly its own version. The log text of the
// refusal says what to run.
Result<void> check_schema(Connection& connection);

// Whether this role owns the tables: forbidden otherwise. Always good on SQLite.
Result<void> check_owner(Connection& connection);

}  // namespace scoreboard::store
