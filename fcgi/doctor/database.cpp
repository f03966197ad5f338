// SPDX-License-Identifier: Apache-2.0
#include "doctor/database.hpp"

#include <string>

namespace scoreboard::doctor {
namespace {

std::string setting(const DatabaseAbout& database, const char* name) {
  const auto found = database.settings.find(name);
  return found == database.settings.end() ? std::string{} : found->second;
}

void postgresql(const DatabaseAbout& database, Findings& found) {
  for (const char* name : {"fsync", "full_page_writes"}) {
    const std::string check = std::string("database.") + name;
    const std::string value = setting(database, name);
    if (value == "off") {
      found.push_back(
          fail(check, std::string(name) + " is off: a crash destroys the database",
               std::string("ALTER SYSTEM SET ") + name + " = on; SELECT pg_reload_conf();"));
    } else {
      found.push_back(ok(check, std::string(name) + " = " + value));
    }
  }
  // Each connection of ours turns it on.
  const std::string commit = setting(database, "synchronous_commit");
  if (commit == "off") {
    found.push_back(warn("database.synchronous_commit",
                         "synchronous_commit is off for everybody but the workers",
                         "ALTER SYSTEM SET synchronous_commit = on; SELECT pg_reload_conf();"));
  } else {
    found.push_back(ok("database.synchronous_commit", "synchronous_commit = " + commit));
  }
  if (!database.schema_complaint.empty()) return;
  if (database.may_change_events) {
    found.push_back(fail(
        "database.role",
        "the workers' role may change or delete events: database.uri logs in as " + database.role,
        "log in as a role that is only granted scoreboard_runtime, and name the "
        "owner in database.owner_uri (docs/postgresql.md)"));
  } else {
    found.push_back(
        ok("database.role", "the role " + database.role + " can add events and not change them"));
  }
}

void sqlite(const DatabaseAbout& database, Findings& found) {
  const std::string journal = setting(database, "journal_mode");
  if (journal == "wal") {
    found.push_back(ok("database.journal_mode", "journal_mode = wal"));
  } else {
    found.push_back(fail("database.journal_mode",
                         "journal_mode is " + journal + ": readers would stop the writer",
                         "keep the file on a local file system that its user may write"));
  }
  const std::string synchronous = setting(database, "synchronous");
  if (synchronous == "2" || synchronous == "3") {
    found.push_back(ok("database.synchronous", "synchronous = full"));
  } else {
    found.push_back(fail("database.synchronous",
                         "synchronous is " + synchronous + ": a power cut loses what was answered",
                         "use SQLite as Debian builds it"));
  }
}

}  // namespace

Findings database_findings(const Result<DatabaseAbout>& database) {
  if (!database) {
    return {fail("database.reach", database.error().log,
                 "see that the server runs and that database.uri is right; for a new board: "
                 "scoreboardctl migrate")};
  }
  Findings found{ok("database.reach",
                    database->postgresql ? "PostgreSQL answers" : "SQLite's file can be read")};
  if (database->schema_complaint.empty()) {
    found.push_back(ok("database.schema", "the schema is this program's"));
  } else {
    found.push_back(fail("database.schema", database->schema_complaint, "scoreboardctl migrate"));
  }
  if (database->postgresql) {
    postgresql(*database, found);
  } else {
    sqlite(*database, found);
  }
  return found;
}

}  // namespace scoreboard::doctor
