// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <soci/postgresql/soci-postgresql.h>

#include <memory>

#include "store/engine.hpp"
#include "store/loader.hpp"
#include "store/postgresql_loader.hpp"

namespace scoreboard::store {
namespace {

PGconn* handle(soci::session& session) {
  return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

class PostgresqlEngine final : public Engine {
 public:
  std::string_view name() const override { return "postgresql"; }
  const soci::backend_factory& soci_factory() const override { return soci::postgresql; }

  const std::vector<Migration>& migrations() const override {
    static const std::vector<Migration> migrations = {
#include "postgresql_migrations.inc"
    };
    return migrations;
  }

  std::string begin_write(Isolation isolation) const override {
    return isolation == Isolation::serializable ? "BEGIN ISOLATION LEVEL SERIALIZABLE"
                                                : "BEGIN ISOLATION LEVEL READ COMMITTED";
  }
  // LOCK TABLE is one of the few statements that need no snapshot. Reading the table goes on; who
  // locks its row, at whatever level, waits.
  std::string begin_award(Isolation isolation) const override {
    return begin_write(isolation) + (isolation == Isolation::serializable
                                         ? "; LOCK TABLE journal_head IN EXCLUSIVE MODE"
                                         : "");
  }
  std::string begin_snapshot() const override {
    return "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  }
  std::string lock_migrations() const override {
    return "SELECT pg_advisory_xact_lock(7331000)";
  }
  std::string table_exists() const override {
    return "SELECT 1 WHERE to_regclass(CAST(:name AS text)) IS NOT NULL";
  }
  // Not the stronger FOR UPDATE: a new session's foreign key may look at the row meanwhile.
  std::string lock_rows(std::string_view alias) const override {
    return " FOR NO KEY UPDATE OF " + std::string(alias);
  }

  std::string rows(std::initializer_list<Column> columns, std::string_view alias) const override {
    std::string text = "jsonb_to_recordset(CAST(:";
    text += alias;
    text += " AS jsonb)) AS ";
    text += alias;
    text += '(';
    for (const Column& column : columns) {
      if (&column != columns.begin()) text += ", ";
      text += column.name;
      text += column.type == Column::Type::integer ? " bigint" : " text";
    }
    return text + ')';
  }

  std::string confirming() const override {
    return "SELECT current_setting('synchronous_standby_names')";
  }

  bool writes_in_expressions() const override {
    return true;
  }

  std::unique_ptr<Loader> loader(soci::session& session, std::string_view table,
                                 std::span<const Column> columns) const override {
    return postgresql_loader(session, table, columns);
  }

  Descriptor socket(soci::session& session) const override {
    return Descriptor(fcntl(PQsocket(handle(session)), F_DUPFD_CLOEXEC, 0));
  }

  void execute(soci::session& session, const std::string& text) const override {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(handle(session), text.c_str()), PQclear);
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
    const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    throw postgresql_fault(state ? state : "");
  }

  void finish(soci::statement&) const override {}  // SOCI has read the whole result

  DriverFault fault(soci::session& session, const soci::soci_error& error) const override {
    if (PQstatus(handle(session)) != CONNECTION_OK) return postgresql_fault("");
    const auto* known = dynamic_cast<const soci::postgresql_soci_error*>(&error);
    // SOCI's own complaints (a NULL, a type) have no state: a defect here.
    return postgresql_fault(known ? known->sqlstate() : "99999");
  }
};

}  // namespace

const Engine& postgresql_engine() {
  static const PostgresqlEngine engine;
  return engine;
}

}  // namespace scoreboard::store
