// SPDX-License-Identifier: Apache-2.0
#include "store/transfer_target.hpp"

#include "store/event_months.hpp"

namespace scoreboard::store {
namespace {

bool on_postgresql(const Connection& connection) {
  return &connection.engine() == &postgresql_engine();
}

}  // namespace

Result<void> take_empty_board(Connection& connection) {
  if (on_postgresql(connection)) {
    connection.execute(
        "LOCK TABLE users, identities, players, scores, events, journal, journal_head, retention"
        " IN SHARE ROW EXCLUSIVE MODE");
  } else {
    connection.execute("PRAGMA cache_size = -262144");  // 256 MB: keys come in no order
  }
  const bool used = connection
                        .query(
                            "SELECT 1 FROM (SELECT id FROM users UNION ALL SELECT seq FROM journal)"
                            " AS anything LIMIT 1")
                        .one();
  if (!used) return {};
  return Error{.code = ErrorCode::already_exists,
               .log =
                   "the database has users or journal entries; import into an empty one, as"
                   " scoreboardctl migrate makes it"};
}

void go_on_after_ids(Connection& connection) {
  if (!on_postgresql(connection)) return;  // SQLite takes the largest id and one
  connection.execute(
      "SELECT setval(pg_get_serial_sequence('users', 'id'), max(id)) FROM users"
      " HAVING max(id) IS NOT NULL");
}

void know_the_tables(Connection& connection) {
  if (!on_postgresql(connection)) return;
  connection.execute("ANALYZE users, identities, players, scores, events, journal");
}

MonthsMade::MonthsMade(Connection& connection)
    : connection_(connection), partitioned_(on_postgresql(connection)) {}

void MonthsMade::need(Timestamp at) {
  if (!partitioned_) return;
  const Period month = calendar_.period(Board::month, at);
  if (last_ == month) return;
  make_event_month(connection_, at);
  last_ = month;
}

}  // namespace scoreboard::store
