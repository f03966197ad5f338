// SPDX-License-Identifier: Apache-2.0
#include "store/about.hpp"

#include <chrono>
#include <filesystem>
#include <thread>

#include "ops/local_process.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"
#include "store/reads.hpp"
#include "store/replica.hpp"

namespace scoreboard {
namespace {

using store::Connection;

// What this server is, and how much of it we may have. Limits below 0 are none.
void ask_server(Connection& connection, DatabaseAbout& about) {
  std::string standby;
  long long pid = 0;
  long long began_us = 0;
  connection
      .query(
          "SELECT CAST(current_user AS text), system_identifier || '/' || current_database(),"
          " CAST(pg_is_in_recovery() AS text), CAST(pid AS bigint),"
          " CAST(extract(epoch FROM backend_start) * 1000000 AS bigint),"
          " CAST(least(CAST(current_setting('max_connections') AS int)"
          " - CAST(current_setting('superuser_reserved_connections') AS int),"
          " nullif(greatest(datconnlimit, -1), -1), nullif(rolconnlimit, -1)) AS bigint)"
          " FROM pg_control_system(), pg_database, pg_roles, pg_stat_activity"
          " WHERE pg_database.datname = current_database() AND rolname = current_user"
          " AND pid = pg_backend_pid()")
      .into(about.role)
      .into(about.identity)
      .into(standby)
      .into(pid)
      .into(began_us)
      .into(about.connections)
      .one();
  about.standby = standby == "true";
  // Neither a socket nor an address tells: a pooler may stand between.
  about.here = process_began_at(pid, from_micros(began_us));
}

void ask_postgresql(Connection& connection, DatabaseAbout& about) {
  std::string name;
  std::string value;
  // reset_val: without what our own connection has set.
  connection
      .query(
          "SELECT name, reset_val FROM pg_settings WHERE name IN"
          " ('fsync', 'full_page_writes', 'synchronous_commit', 'data_directory')")
      .into(name)
      .into(value)
      .each([&] { about.settings[name] = value; });
  // Only some roles see it.
  if (const auto found = about.settings.extract("data_directory"); !found.empty()) {
    about.directory = found.mapped();
  }
  ask_server(connection, about);
  about.owns_tables = static_cast<bool>(store::check_owner(connection));
  if (!about.schema_complaint.empty()) return;
  about.may_change_events =
      connection
          .query(
              "SELECT 1 FROM unnest(ARRAY['events', 'journal']) AS told"
              " WHERE has_table_privilege(told, 'UPDATE') OR has_table_privilege(told, 'DELETE')"
              " OR has_table_privilege(told, 'TRUNCATE') LIMIT 1")
          .one();
}

void ask_sqlite(Connection& connection, DatabaseAbout& about) {
  std::string journal;
  long long synchronous = 0;
  std::string file;
  connection.query("SELECT journal_mode FROM pragma_journal_mode").into(journal).one();
  connection.query("SELECT synchronous FROM pragma_synchronous").into(synchronous).one();
  connection.query("SELECT file FROM pragma_database_list WHERE name = 'main'").into(file).one();
  about.here = true;
  about.settings = {{"journal_mode", journal}, {"synchronous", std::to_string(synchronous)}};
  about.directory = std::filesystem::path(file).parent_path().string();
}

Result<DatabaseAbout> about(Connection& connection) {
  DatabaseAbout about;
  about.postgresql = &connection.engine() == &store::postgresql_engine();
  if (auto good = store::check_schema(connection); !good) {
    about.schema_complaint = good.error().log;
  } else {
    auto head = store::read_journal_head(connection);
    if (!head) return std::move(head).error();
    about.journal_seq = head->seq;
  }
  if (about.postgresql) {
    ask_postgresql(connection, about);
  } else {
    ask_sqlite(connection, about);
  }
  return about;
}

}  // namespace

Result<DatabaseAbout> about_database(const std::string& uri) {
  return store::on_database(uri, store::Database::Use::inspect, about);
}

Result<DatabaseAbout> about_standby(const std::string& uri, JournalSeq wanted) {
  auto database = store::Database::parse(uri, store::Database::Server::replica);
  if (!database) return std::move(database).error();
  return store::on_database(*database, store::Database::Use::inspect, [&](Connection& connection) {
    const auto until = std::chrono::steady_clock::now() + store::Replica::age_max;
    auto seen = about(connection);
    while (seen && seen->schema_complaint.empty() && seen->journal_seq < wanted &&
           std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
      seen = about(connection);
    }
    return seen;
  });
}

}  // namespace scoreboard
