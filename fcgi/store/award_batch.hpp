// SPDX-License-Identifier: Apache-2.0
// A batch of awards as one transaction. The order of its steps is what keeps it correct:
//   1. lock the players' rows in order, read sessions;  2. earlier events of the same actions:
//   repeats;  3. the window look-ups, and where the players stand;  4. lock journal_head: from here
//   to COMMIT nobody else counts anything, on any host;  5. the decision (board/decide.hpp) and the
//   ranks, from counts brought to exactly this head;  6. events, scores, the entry; COMMIT.
// A batch that counts nothing writes nothing, unless it has a repeat to confirm (award_batch.cpp).
// READ COMMITTED is enough, because every row that a decision depends on is locked before it is
// read; at SERIALIZABLE the lock of step 4 comes first, with BEGIN (docs/decisions/0004).
#pragma once

#include <span>
#include <vector>

#include "store/connection.hpp"
#include "store/rank_counts.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

// `counts` must be loaded. unavailable if they turn out not to be.
Result<std::vector<AwardOutcome>> commit_batch(Connection& connection, RankCounts& counts,
                                               std::span<const Award> batch,
                                               const AwardRules& rules, Timestamp now);

}  // namespace scoreboard::store
