// SPDX-License-Identifier: Apache-2.0
// The board and the journal, read over one connection; contracts in store.hpp.
#pragma once

#include "store/connection.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

Result<BoardView> read_top(Connection& connection, int limit);
Result<std::optional<Standing>> read_standing(Connection& connection, const UserId& user);
Result<JournalHead> read_journal_head(Connection& connection);
Result<std::vector<Change>> read_changes_after(Connection& connection, JournalSeq seq, int limit);

// Players who stand at or above `score`, all-time.
std::int64_t count_at_or_above(Connection& connection, Score score);

}  // namespace scoreboard::store
