// SPDX-License-Identifier: Apache-2.0
#include "store/rank_counts.hpp"

#include <algorithm>

#include "store/rank_loading.hpp"

namespace scoreboard::store {
namespace {

constexpr std::size_t history_max = 64;
constexpr std::size_t periods_kept = 3;  // of one board: the running one and the last asked for

const ScoreCounts nobody;

}  // namespace

bool RankCounts::loaded() const {
  const std::lock_guard lock(mutex_);
  return loaded_;
}

void RankCounts::reset() {
  loaded_ = false;
  counts_.clear();
  newest_.clear();
  history_.clear();
}

void RankCounts::load_running(Connection& connection) {
  const Head head = read_counts_head(connection);
  std::map<Period, ScoreCounts> counts;
  std::map<Board, Timestamp> newest;
  for (const Board board : {Board::all, Board::day, Board::week, Board::month}) {
    const auto start = newest_period(connection, board);
    if (!start) continue;
    newest[board] = *start;
    counts[{board, *start}] = load_counts(connection, {board, *start});
  }
  const std::lock_guard lock(mutex_);
  if (loaded_) return;  // another thread was faster
  reset();
  counts_ = std::move(counts);
  newest_ = std::move(newest);
  version_ = head.seq;
  hash_ = head.hash;
  loaded_ = true;
}

bool RankCounts::load(Connection& connection, const Head& head, Period period) {
  ScoreCounts counts = load_counts(connection, period);
  const std::lock_guard lock(mutex_);
  if (!loaded_ || !covers(head.seq)) return false;
  if (known(period)) return true;
  for (const Entry& entry : history_) {
    if (entry.seq <= head.seq) continue;
    for (const Move& move : entry.moves) {
      if (move.period != period) continue;
      if (move.before.score.value() > 0 && !counts.leave(move.before.score, move.before.reached)) {
        reset();
        return false;
      }
      counts.arrive(move.after.score, move.after.reached);
    }
  }
  counts_[period] = std::move(counts);
  forget_old(period);
  return true;
}

// One of too many: the oldest, but not the one that was just asked for. The newest, which is played
// on, is always among the last.
void RankCounts::forget_old(Period asked) {
  std::vector<Period> periods;
  for (const auto& [period, counts] : counts_) {
    if (period.board == asked.board) periods.push_back(period);
  }
  if (periods.size() <= periods_kept) return;
  counts_.erase(periods.front() == asked ? periods[1] : periods.front());
}

bool RankCounts::apply(Entry entry) {
  if (entry.previous_hash != hash_) {  // it follows another history than the one counted here
    reset();
    return false;
  }
  for (const Move& move : entry.moves) {
    if (!known(move.period)) continue;  // an older period, which nobody has asked for
    ScoreCounts& counts = counts_[move.period];
    if (move.before.score.value() > 0 && !counts.leave(move.before.score, move.before.reached)) {
      reset();
      return false;
    }
    counts.arrive(move.after.score, move.after.reached);
    auto& newest = newest_[move.period.board];
    if (move.period.start > newest) {
      newest = move.period.start;
      forget_old(move.period);
    }
  }
  version_ = entry.seq;
  hash_ = entry.hash;
  history_.push_back(std::move(entry));
  if (history_.size() > history_max) history_.pop_front();
  return true;
}

// With a hash, only if it is that entry which was committed.
bool RankCounts::apply_announced(JournalSeq seq, const std::string* hash) {
  const auto found = announced_.find(seq);
  if (found == announced_.end() || (hash && found->second.hash != *hash)) return false;
  Entry entry = std::move(found->second);
  announced_.erase(found);
  return apply(std::move(entry));
}

bool RankCounts::catch_up(Connection& connection, const Head& head) {
  JournalSeq from;
  {
    const std::lock_guard lock(mutex_);
    if (!loaded_) return false;
    if (version_ >= head.seq) {
      // What is too old to tell is too old to answer from, too (covers()).
      if (!covers(head.seq) || hash_at(head.seq) == head.hash) return true;
      reset();
      return false;
    }
    if (version_.value() + 1 == head.seq.value() && apply_announced(head.seq, &head.hash)) {
      return true;
    }
    if (!loaded_) return false;
    from = version_;
  }
  while (from < head.seq) {
    auto entries = read_entries(connection, from, head.seq);
    const std::lock_guard lock(mutex_);
    if (!loaded_ || entries.empty()) {
      reset();
      return false;
    }
    for (Entry& entry : entries) {
      if (entry.seq <= version_) continue;  // another thread was faster
      announced_.erase(entry.seq);
      const bool follows = entry.seq.value() == version_.value() + 1;
      if (!follows || !apply(std::move(entry))) {
        reset();
        return false;
      }
    }
    from = version_;
  }
  return true;
}

bool RankCounts::catch_up_locked(Connection& connection, const Head& head) {
  {
    const std::lock_guard lock(mutex_);
    if (version_ > head.seq) reset();
  }
  return catch_up(connection, head);
}

void RankCounts::announce(Entry entry) {
  const std::lock_guard lock(mutex_);
  announced_[entry.seq] = std::move(entry);
}

void RankCounts::committed(JournalSeq seq) {
  const std::lock_guard lock(mutex_);
  if (loaded_ && version_.value() + 1 == seq.value()) apply_announced(seq, nullptr);
  announced_.erase(seq);
}

void RankCounts::failed(JournalSeq seq) {
  const std::lock_guard lock(mutex_);
  announced_.erase(seq);
}

bool RankCounts::known(Period period) const {
  if (counts_.contains(period)) return true;
  const auto newest = newest_.find(period.board);
  return newest == newest_.end() || period.start > newest->second;
}

bool RankCounts::knows(Period period) const {
  const std::lock_guard lock(mutex_);
  return loaded_ && known(period);
}

const ScoreCounts* RankCounts::find(Period period) const {
  if (!known(period)) return nullptr;
  const auto found = counts_.find(period);
  return found == counts_.end() ? &nobody : &found->second;
}

// Whether everything that was applied after `at` is still in the history.
bool RankCounts::covers(JournalSeq at) const {
  if (at > version_) return false;
  if (at == version_) return true;
  return !history_.empty() && history_.front().seq.value() <= at.value() + 1;
}

// Of an entry that covers() says is known.
const std::string& RankCounts::hash_at(JournalSeq at) const {
  const auto next = std::find_if(history_.begin(), history_.end(),
                                 [&](const Entry& entry) { return entry.seq > at; });
  return next == history_.end() ? hash_ : next->previous_hash;
}

std::optional<std::int64_t> RankCounts::at_or_above(Period period, Score score,
                                                    JournalSeq at) const {
  const std::lock_guard lock(mutex_);
  const ScoreCounts* counts = loaded_ && covers(at) ? find(period) : nullptr;
  if (!counts) return std::nullopt;
  std::int64_t count = counts->at_or_above(score);
  for (auto entry = history_.rbegin(); entry != history_.rend() && entry->seq > at; ++entry) {
    for (const Move& move : entry->moves) {
      if (move.period != period) continue;
      count -= (move.after.score >= score ? 1 : 0) -
               (move.before.score.value() > 0 && move.before.score >= score ? 1 : 0);
    }
  }
  return count;
}

std::optional<std::int64_t> RankCounts::players(Period period, JournalSeq at) const {
  return at_or_above(period, Score{1}, at);
}

std::optional<ScoreCounts::Equals> RankCounts::equals(Period period, Score score, Reached reached,
                                                      JournalSeq at) const {
  const std::lock_guard lock(mutex_);
  const ScoreCounts* counts = loaded_ && covers(at) ? find(period) : nullptr;
  if (!counts) return std::nullopt;
  auto equals = counts->equals(score, reached);
  // Who left since: back into the groups before. Who came since came later than `reached`.
  for (auto entry = history_.rbegin(); entry != history_.rend() && entry->seq > at; ++entry) {
    for (const Move& move : entry->moves) {
      if (move.period == period && move.before.score == score &&
          move.before.reached < equals.group_from) {
        ++equals.before;
      }
    }
  }
  return equals;
}

std::size_t RankCounts::memory_bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t bytes = 0;
  for (const auto& [period, counts] : counts_) bytes += counts.memory_bytes();
  return bytes;
}

}  // namespace scoreboard::store
