// SPDX-License-Identifier: Apache-2.0
// What a batch of awards leaves behind, in the transaction that decided it: a few statements for
// all of it.
#pragma once

#include <span>
#include <vector>

#include "store/award_reads.hpp"
#include "store/rank_counts.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

// Events, scores, event numbers and the journal entry. Returns the entry, and the top ten after it
// if it changed.
struct Written {
  RankCounts::Entry entry;
  std::vector<Standing> top;
};
Written write_awards(Connection& connection, std::span<const Award> batch,
                     const std::vector<Decision>& decisions, const BatchReads& reads,
                     const RankCounts::Head& head, Timestamp now);

// The top ten as it was right after entry `seq`, with today's names; empty if it did not change
// there.
std::vector<Standing> read_recorded_top(Connection& connection, JournalSeq seq);

}  // namespace scoreboard::store
