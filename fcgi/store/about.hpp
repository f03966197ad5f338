// SPDX-License-Identifier: Apache-2.0
// What an administrator wants to know of a database. Changes nothing in it.
#pragma once

#include <map>
#include <string>

#include "outcome/result.hpp"
#include "store/records.hpp"

namespace scoreboard {

struct DatabaseAbout {
  bool postgresql = false;            // else SQLite
  std::string directory = {};         // where it keeps its files; empty: not ours to know
  std::string schema_complaint = {};  // what is wrong with it and what to run; empty: it is our own
  // PostgreSQL: fsync, full_page_writes and synchronous_commit as connections get them that ask for
  // nothing. SQLite: journal_mode and synchronous as our connections have them.
  std::map<std::string, std::string> settings = {};
  std::string role = {};           // PostgreSQL's, of this connection
  bool may_change_events = false;  // whether it could change or delete what happened
  bool owns_tables = false;        // whether it can change the schema
  // PostgreSQL's. A standby has its primary's identity.
  std::string identity = {};
  bool standby = false;         // in recovery
  bool here = false;            // seen to run on this host; else another's, or a container's
  long long connections = 0;    // that roles like this one may have open at once
  JournalSeq journal_seq = {};  // of a good schema
};

// unavailable, with the reason, when it cannot be reached.
Result<DatabaseAbout> about_database(const std::string& uri);
// The same of a standby, which is given up to two seconds, as the workers give it, until it has
// this entry of its primary's journal.
Result<DatabaseAbout> about_standby(const std::string& uri, JournalSeq wanted);

}  // namespace scoreboard
