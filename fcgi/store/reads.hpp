// SPDX-License-Identifier: Apache-2.0
// The board, the journal and receipts, read over one connection; contracts in store.hpp. Whatever
// needs a rank is in rank_reads.hpp.
#pragma once

#include "store/connection.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

// A row of select_standings.
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
// Standings of the scores that `condition` ("AND ..." or nothing) finds, in `order`, as many as
// :limit. The names are put to those few afterwards: a planner that knows nothing of a young table
// yet would otherwise look up everybody's name and sort them all. Parameters: :board, :start, those
// of the condition, :limit.
std::string select_standings(std::string_view condition, std::string_view order);

// A stored receipt, of a query of events `e` that begins with receipt_columns.
struct ReceiptRow {
  long long points = 0;
  long long previous = 0;
  long long current = 0;
  long long rank = 0;
  std::string periods;
  long long reached = 0;
  long long accepted_at = 0;

  Query& into(Query& query);
  Receipt of(const UserId& user) const;
};
extern const std::string receipt_columns;

std::vector<Standing> read_first(Connection& connection, Period period, int limit);

Result<BoardView> read_top(Connection& connection, Period period, int limit);
Result<JournalHead> read_journal_head(Connection& connection);
Result<std::vector<Change>> read_changes_after(Connection& connection, JournalSeq seq, int limit);
Result<std::optional<Receipt>> read_receipt(Connection& connection, const UserId& user,
                                            const ActionId& action);

}  // namespace scoreboard::store
