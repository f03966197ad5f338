// SPDX-License-Identifier: Apache-2.0
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

#include <cerrno>

#include "store/engine.hpp"
#include "store/loader.hpp"
#include "store/sqlite_loader.hpp"

namespace scoreboard::store {
namespace {

bool may_write(sqlite_api::sqlite3* database) {
  const std::string file = sqlite_api::sqlite3_db_filename(database, "main");
  const std::string wal = file + "-wal";
  return access(file.c_str(), W_OK) == 0 && (access(wal.c_str(), W_OK) == 0 || errno == ENOENT);
}

// While nobody may write, a connection that is made anew may not either; and SQLite keeps the file
// of each that is closed open for as long as another one has a lock. Once somebody may, a new one
// can more than this one.
DriverFault fault_of(sqlite_api::sqlite3* database) {
  const int code = sqlite_api::sqlite3_extended_errcode(database);
  DriverFault fault = sqlite_fault(code);
  if (code != SQLITE_READONLY || may_write(database)) return fault;
  return {fault.error(), FaultKind::statement, fault.fault_class()};
}

class SqliteEngine final : public Engine {
 public:
  std::string_view name() const override { return "sqlite"; }
  const soci::backend_factory& soci_factory() const override { return soci::sqlite3; }

  const std::vector<Migration>& migrations() const override {
    static const std::vector<Migration> migrations = {
#include "sqlite_migrations.inc"
    };
    return migrations;
  }

  std::string begin_write(Isolation) const override {
    return "BEGIN IMMEDIATE";
  }
  std::string begin_award(Isolation isolation) const override {
    return begin_write(isolation);
  }
  std::string begin_snapshot() const override {
    return "BEGIN";
  }
  std::string lock_migrations() const override {
    return "SELECT 1";
  }
  std::string table_exists() const override {
    return "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name";
  }
  std::string lock_rows(std::string_view) const override {
    return "";
  }

  std::string rows(std::initializer_list<Column> columns, std::string_view alias) const override {
    std::string text = "(SELECT ";
    for (const Column& column : columns) {
      if (&column != columns.begin()) text += ", ";
      text += "json_extract(value, '$.";
      text += column.name;
      text += "') AS ";
      text += column.name;
    }
    text += " FROM json_each(:";
    text += alias;
    text += ")) AS ";
    text += alias;
    return text;
  }

  std::string confirming() const override {
    return "SELECT ''";
  }

  bool writes_in_expressions() const override {
    return false;
  }

  std::unique_ptr<Loader> loader(soci::session& session, std::string_view table,
                                 std::span<const Column> columns) const override {
    return sqlite_loader(session, table, columns);
  }

  Descriptor socket(soci::session&) const override {
    return {};
  }

  void execute(soci::session& session, const std::string& text) const override {
    // Not through SOCI, which prepares the first statement of several and forgets the rest.
    auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
    if (sqlite_api::sqlite3_exec(backend->conn_, text.c_str(), nullptr, nullptr, nullptr) != 0) {
      throw fault_of(backend->conn_);
    }
  }

  // An unfinished SELECT would keep its connection reading the old snapshot. SOCI does not export
  // the backend's reset, so it is done on the handle.
  void finish(soci::statement& statement) const override {
    if (auto* backend = static_cast<soci::sqlite3_statement_backend*>(statement.get_backend())) {
      sqlite_api::sqlite3_reset(backend->stmt_);
    }
  }

  DriverFault fault(soci::session& session, const soci::soci_error&) const override {
    // SOCI keeps only the primary code; the extended one is still in the handle.
    auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
    return fault_of(backend->conn_);
  }
};

}  // namespace

const Engine& sqlite_engine() {
  static const SqliteEngine engine;
  return engine;
}

}  // namespace scoreboard::store
