// SPDX-License-Identifier: Apache-2.0
// For store-bench-unranked alone: RankCounts that count nothing and know every rank to be 1. Linked
// before the library, so that the same store runs without the work of ranking.
#include "store/rank_counts.hpp"

namespace scoreboard::store {

bool RankCounts::loaded() const {
  return loaded_;
}
void RankCounts::load_running(Connection&) {
  loaded_ = true;
}
bool RankCounts::load(Connection&, const Head&, Period) {
  return true;
}
bool RankCounts::catch_up(Connection&, const Head&) {
  return true;
}
bool RankCounts::catch_up_locked(Connection&, const Head&) {
  return true;
}
void RankCounts::announce(Entry) {}
void RankCounts::committed(JournalSeq) {}
void RankCounts::failed(JournalSeq) {}
bool RankCounts::knows(Period) const {
  return true;
}
// Far from the top: a rank of 1 would write the top ten with every entry.
std::optional<std::int64_t> RankCounts::at_or_above(Period, Score, JournalSeq) const {
  return 1000;
}
std::optional<std::int64_t> RankCounts::players(Period, JournalSeq) const {
  return 1000;
}
std::optional<ScoreCounts::Equals> RankCounts::equals(Period, Score, Reached, JournalSeq) const {
  return ScoreCounts::Equals{};
}
std::size_t RankCounts::memory_bytes() const {
  return 0;
}

}  // namespace scoreboard::store
