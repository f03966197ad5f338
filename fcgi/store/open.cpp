// SPDX-License-Identifier: Apache-2.0
#include "store/open.hpp"

#include "ops/database_uri.hpp"
#include "ops/log.hpp"
#include "store/first_look.hpp"
#include "store/sql_store.hpp"

namespace scoreboard {

int useful_committers(const StoreOptions& options) {
  const bool one_writer = database_kind(options.uri) == DatabaseKind::sqlite;
  return one_writer ? 1 : options.committers;
}

int connections_wanted(const StoreOptions& options) {
  return useful_committers(options) + store::SqlStore::account_connections + options.readers;
}

namespace {

Result<std::optional<store::Database>> parse_replica(const StoreOptions& options) {
  if (options.replica_uri.empty()) return std::optional<store::Database>{};
  auto replica = store::Database::parse(options.replica_uri, store::Database::Server::replica);
  if (!replica) {
    return Error{.code = ErrorCode::malformed,
                 .log = "database.replica_uri: " + replica.error().log};
  }
  const bool sqlite = database_kind(options.uri) == DatabaseKind::sqlite;
  if (sqlite || &replica->engine() == &store::sqlite_engine()) {
    return Error{.code = ErrorCode::malformed,
                 .log = "database.replica_uri is for PostgreSQL: SQLite has no replicas"};
  }
  return std::optional(*std::move(replica));
}

// Whether it is worth going on without: SQLite's file is there or must be made first.
bool may_come(const StoreOptions& options, const store::FirstLook& look) {
  return options.refused_later && !look.refused() &&
         database_kind(options.uri) == DatabaseKind::postgresql;
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(const StoreOptions& options) {
  auto replica = parse_replica(options);
  if (!replica) return std::move(replica).error();
  auto database = store::Database::parse(options.uri);
  if (!database) return std::move(database).error();
  const auto look = std::make_shared<store::FirstLook>();
  database->before_use([look](store::Connection& connection) { look->at(connection); });
  auto ready = store::on_database(*database, store::Database::Use::serve,
                                  [](store::Connection&) { return Result<void>{}; });
  if (!ready && !may_come(options, *look)) return std::move(ready).error();
  look->tell(options.refused_later);
  store::SqlStore::Options chosen{.committers = options.committers,
                                  .readers = options.readers,
                                  .isolation = options.serializable
                                                   ? store::Isolation::serializable
                                                   : store::Isolation::read_committed,
                                  .replica = *std::move(replica)};
  if (options.metrics) {
    chosen.metrics = {*options.metrics, "primary"};
    if (chosen.replica) chosen.replica_metrics = {*options.metrics, "replica"};
  }
  auto made = std::make_unique<store::SqlStore>(*std::move(database), std::move(chosen));
  // Before anybody asks: at ten million players it takes seconds.
  if (ready) {
    ready = made->load_ranks();
    if (!ready && !may_come(options, *look)) return std::move(ready).error();
  }
  if (!ready) log::write(log::Level::warning, "database_away", {{"reason", ready.error().log}});
  return std::unique_ptr<Store>(std::move(made));
}

}  // namespace scoreboard
