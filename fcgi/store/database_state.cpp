// SPDX-License-Identifier: Apache-2.0
#include "store/database_state.hpp"

#include "store/database.hpp"
#include "store/migrations.hpp"
#include "store/reads.hpp"

namespace scoreboard {
namespace {

Result<DatabaseState> state_of(store::Connection& connection) {
  if (auto known = store::check_schema(connection); !known) return std::move(known).error();
  auto head = store::read_journal_head(connection);
  if (!head) return std::move(head).error();
  return DatabaseState{.engine = std::string(connection.engine().name()), .head = *head};
}

}  // namespace

Result<DatabaseState> look_at_database(const std::string& uri) {
  return store::on_database(uri, store::Database::Use::serve, state_of);
}

Result<DatabaseState> look_at_replica(const std::string& uri) {
  auto database = store::Database::parse(uri, store::Database::Server::replica);
  if (!database) return std::move(database).error();
  return store::on_database(*database, store::Database::Use::serve, state_of);
}

}  // namespace scoreboard
