// SPDX-License-Identifier: Apache-2.0
// A batch of awards as one transaction. The order of its steps is what keeps it correct:
//   1. the write lock, then players and sessions;  2. earlier events of the same actions: repeats;
//   3. the window look-ups;  4. the decision (board/decide.hpp);  5. the next journal number, under
//   the same lock until COMMIT, and the ranks;  6. events, scores, the journal entry; COMMIT.
// A batch that counts nothing writes nothing.
#pragma once

#include <span>
#include <vector>

#include "store/connection.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

Result<std::vector<AwardOutcome>> commit_batch(Connection& connection, std::span<const Award> batch,
                                               const AwardRules& rules, Timestamp now);

}  // namespace scoreboard::store
