// SPDX-License-Identifier: Apache-2.0
// The board, the journal and receipts, read over one connection; contracts in store.hpp. Whatever
// needs a rank is in rank_reads.hpp.
#pragma once

#include "store/connection.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

// A row of a query that begins with standing_columns.
struct StandingRow {
  std::string user;
  std::string username;
  std::string display_name;
  long long score = 0;
  long long reached = 0;
  long long reached_at = 0;

  Query& into(Query& query);
  Standing at(std::int64_t rank) const;
};
// Of scores `s`; stands between SELECT and FROM, and needs standing_joins after it.
extern const std::string standing_columns;
extern const std::string standing_joins;

std::vector<Standing> read_first(Connection& connection, Period period, int limit);

Result<BoardView> read_top(Connection& connection, Period period, int limit);
Result<JournalHead> read_journal_head(Connection& connection);
Result<std::vector<Change>> read_changes_after(Connection& connection, JournalSeq seq, int limit);
Result<std::optional<Receipt>> read_receipt(Connection& connection, const UserId& user,
                                            const ActionId& action);

}  // namespace scoreboard::store
