// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

#include <map>

#include "crypto/digest.hpp"
#include "ops/clock.hpp"
#include "store/database.hpp"
#include "store/fault.hpp"

namespace scoreboard::store {
namespace {

struct Applied {
  std::string name;
  std::string checksum;
};

Error schema_error(std::string log) {
  return {.code = ErrorCode::unavailable, .log = std::move(log)};
}

bool has_migrations_table(Connection& connection) {
  return connection.query(connection.engine().table_exists()).use("schema_migrations").one();
}

std::map<int, Applied> read_applied(Connection& connection) {
  std::map<int, Applied> applied;
  long long version = 0;
  Applied row;
  connection.query("SELECT version, name, checksum FROM schema_migrations")
      .into(version)
      .into(row.name)
      .into(row.checksum)
      .each([&] { applied[static_cast<int>(version)] = row; });
  return applied;
}

// What the database has had must be what this program knows, byte for byte.
Result<void> check_history(const Engine& engine, const std::map<int, Applied>& applied) {
  const auto& known = engine.migrations();
  for (const auto& [version, row] : applied) {
    if (version > static_cast<int>(known.size())) {
      return schema_error("the database has schema " + std::to_string(version) +
                          ", newer than this program's " + std::to_string(known.size()) +
                          "; run the newer program, or restore the backup made before it");
    }
    const Migration& own = known[static_cast<std::size_t>(version) - 1];
    if (crypto::sha256_hex(own.text) != row.checksum) {
      return schema_error("migration " + row.name + " was changed after it was applied");
    }
  }
  return {};
}

void make_migrations_table(Connection& connection) {
  Transaction transaction(connection);
  connection.execute(connection.engine().lock_migrations());
  if (has_migrations_table(connection)) return;
  connection.execute(
      "CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
      " checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)");
  transaction.commit();
}

Result<MigrationReport> migrate_connected(Connection& connection) {
  const Engine& engine = connection.engine();
  make_migrations_table(connection);
  MigrationReport report;
  for (const Migration& migration : engine.migrations()) {
    Transaction transaction(connection);
    connection.execute(engine.lock_migrations());
    const auto applied = read_applied(connection);
    if (auto good = check_history(connection.engine(), applied); !good)
      return std::move(good).error();
    report.version = migration.version;
    if (applied.contains(migration.version)) continue;
    connection.execute(std::string(migration.text));
    connection
        .query(
            "INSERT INTO schema_migrations (version, name, checksum, applied_at)"
            " VALUES (:version, :name, :checksum, :applied_at)")
        .use(migration.version)
        .use(migration.name)
        .use(crypto::sha256_hex(migration.text))
        .use(to_micros(SystemClock{}.now()))
        .run();
    transaction.commit();
    report.applied.emplace_back(migration.name);
  }
  return report;
}

}  // namespace

Result<MigrationReport> migrate(const std::string& uri) {
  return on_database(uri, Database::Use::create, migrate_connected);
}

Result<void> check_schema(Connection& connection) {
  const int wanted = static_cast<int>(connection.engine().migrations().size());
  if (!has_migrations_table(connection)) {
    return schema_error("the database has no schema yet; run: scoreboardctl migrate");
  }
  const auto applied = read_applied(connection);
  if (auto good = check_history(connection.engine(), applied); !good) return good;
  const int version = applied.empty() ? 0 : applied.rbegin()->first;
  if (version == wanted) return {};
  return schema_error("the database has schema " + std::to_string(version) +
                      ", this program needs " + std::to_string(wanted) +
                      "; run: scoreboardctl migrate");
}

Result<void> check_owner(Connection& connection) {
  if (&connection.engine() != &postgresql_engine()) return {};
  const bool owner = connection
                         .query(
                             "SELECT 1 FROM pg_class WHERE oid = to_regclass('events')"
                             " AND pg_has_role(current_user, relowner, 'MEMBER')")
                         .one();
  if (owner) return {};
  return Error{.code = ErrorCode::forbidden,
               .log = "only the owner of the tables may do this: set database.owner_uri"};
}

}  // namespace scoreboard::store
