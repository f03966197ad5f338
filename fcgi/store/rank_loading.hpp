// SPDX-License-Identifier: Apache-2.0
// What RankCounts reads from the database.
#pragma once

#include <optional>
#include <vector>

#include "store/rank_counts.hpp"

namespace scoreboard::store {

RankCounts::Head read_counts_head(Connection& connection);
// The start of the newest period in which anybody has points.
std::optional<Timestamp> newest_period(Connection& connection, Board board);
ScoreCounts load_counts(Connection& connection, Period period);
// Entries after `from`, oldest first, up to `to`: some of them, at least one if there is any.
std::vector<RankCounts::Entry> read_entries(Connection& connection, JournalSeq from, JournalSeq to);

// The moves of an entry, with the places that its changes took in the journal.
std::vector<Move> moves_of(JournalSeq seq, const std::vector<JournalChange>& changes);

}  // namespace scoreboard::store
