// SPDX-License-Identifier: Apache-2.0
#include "store/about.hpp"

#include <filesystem>

#include "store/database.hpp"
#include "store/migrations.hpp"

namespace scoreboard {
namespace {

using store::Connection;

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
  connection.query("SELECT CAST(current_user AS text)").into(about.role).one();
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
  about.settings = {{"journal_mode", journal}, {"synchronous", std::to_string(synchronous)}};
  about.directory = std::filesystem::path(file).parent_path().string();
}

}  // namespace

Result<DatabaseAbout> about_database(const std::string& uri) {
  return store::on_database(
      uri, store::Database::Use::inspect, [](Connection& connection) -> Result<DatabaseAbout> {
        DatabaseAbout about;
        about.postgresql = &connection.engine() == &store::postgresql_engine();
        if (auto good = store::check_schema(connection); !good) {
          about.schema_complaint = good.error().log;
        }
        if (about.postgresql) {
          ask_postgresql(connection, about);
        } else {
          ask_sqlite(connection, about);
        }
        return about;
      });
}

}  // namespace scoreboard
