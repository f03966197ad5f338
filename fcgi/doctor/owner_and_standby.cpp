// SPDX-License-Identifier: Apache-2.0
#include "doctor/owner_and_standby.hpp"

#include <string>

namespace scoreboard::doctor {
namespace {

// For migrations, retention, scoreboardctl and a look of the administrator's.
constexpr long long others_wanted = 5;

Finding another_database(const std::string& check, const std::string& key) {
  return fail(check, key + " leads to another database than database.uri",
              "name the same host, port and database in both");
}

}  // namespace

Findings owner_findings(const Result<DatabaseAbout>& owner, const DatabaseAbout& workers) {
  const std::string check = "database.owner";
  if (!owner) {
    return {fail(check, "database.owner_uri: " + owner.error().log,
                 "see that it is right, and that the user scoreboard_owner may log in by it; until "
                 "then there are no migrations and no retention")};
  }
  if (owner->identity != workers.identity) return {another_database(check, "database.owner_uri")};
  if (workers.schema_complaint.empty() && !owner->owns_tables) {
    return {fail(check,
                 "the role " + owner->role + " of database.owner_uri does not own the tables",
                 "name the role in database.owner_uri by which they were made")};
  }
  return {ok(check, "the role " + owner->role + " can change the schema")};
}

Findings standby_findings(const Result<DatabaseAbout>& standby, const DatabaseAbout& workers) {
  const std::string check = "database.replica";
  if (!standby) {
    return {fail(check, "database.replica_uri: " + standby.error().log,
                 "bring the standby back, or take database.replica_uri away; until then the "
                 "primary is read")};
  }
  if (standby->identity != workers.identity) {
    return {another_database(check, "database.replica_uri")};
  }
  Findings found;
  if (standby->standby) {
    found.push_back(ok(check, "a standby of the workers' database answers"));
  } else {
    found.push_back(warn(check, "database.replica_uri leads to a server that is no standby",
                         "name one that follows the primary, or take database.replica_uri away"));
  }
  if (!standby->schema_complaint.empty()) {
    found.push_back(fail("database.replica_lag", standby->schema_complaint,
                         "see whether the standby still follows: pg_stat_wal_receiver"));
  } else if (standby->journal_seq < workers.journal_seq) {
    const long long behind = workers.journal_seq.value() - standby->journal_seq.value();
    found.push_back(warn("database.replica_lag",
                         "after two seconds the standby still lacks " + std::to_string(behind) +
                             " entries of the journal, so the primary is read",
                         "see what holds it up: pg_stat_replication on the primary, "
                         "pg_stat_wal_receiver on the standby"));
  } else {
    found.push_back(ok("database.replica_lag", "the standby follows within two seconds"));
  }
  return found;
}

Finding connections_finding(const std::string& check, const DatabaseAbout& database,
                            long long wanted) {
  const std::string there = std::to_string(database.connections);
  const std::string asked = std::to_string(wanted);
  if (database.connections < wanted) {
    return fail(check,
                "the workers want " + asked + " connections, the role " + database.role +
                    " may have " + there,
                "raise max_connections (or the limit of the role or database) to " +
                    std::to_string(wanted + others_wanted) +
                    " and what others need, or lower database.committers and database.readers");
  }
  if (database.connections < wanted + others_wanted) {
    return warn(check,
                "of " + there + " connections the workers want " + asked +
                    ": hardly any is left for migrations and commands",
                "raise max_connections");
  }
  return ok(check, "of " + there + " connections the workers want " + asked);
}

}  // namespace scoreboard::doctor
