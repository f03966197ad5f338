// SPDX-License-Identifier: Apache-2.0
// Standings with their exact rank: the database says where a player stands, the counts in memory
// how many stand above, both as of one number of the journal. No statement here counts players
// beyond one group of equals (ScoreCounts::group_max), and none skips rows with OFFSET.
#pragma once

#include "store/connection.hpp"
#include "store/rank_counts.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

// An answer, or nullopt: the counts do not know the period, or have moved on too far since the
// database was read. Load and ask again.
template <class T>
using Exact = std::optional<T>;

Exact<std::optional<Standing>> read_standing(Connection& connection, RankCounts& counts,
                                             Period period, const UserId& user);
Exact<std::vector<Standing>> read_around(Connection& connection, RankCounts& counts, Period period,
                                         const UserId& user, int each_side);
Exact<std::vector<Standing>> read_page(Connection& connection, RankCounts& counts, Period period,
                                       std::optional<BoardCursor> after, int limit);

}  // namespace scoreboard::store
