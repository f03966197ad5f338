// SPDX-License-Identifier: Apache-2.0
#include "board/score_counts.hpp"

#include <algorithm>
#include <iterator>

namespace scoreboard {
namespace {

// Large enough that block sums are few, small enough that an insertion moves at most 4 KiB.
constexpr std::size_t block_entries_max = 256;

constexpr auto by_score = [](const auto& entry, std::int64_t score) { return entry.score < score; };

}  // namespace

// The last block that starts at or below `score`; the first one for a score below them all.
std::size_t ScoreCounts::block_for(std::int64_t score) const {
  const auto after = std::upper_bound(
      blocks_.begin(), blocks_.end(), score,
      [](std::int64_t value, const Block& block) { return value < block.entries.front().score; });
  return after == blocks_.begin() ? 0 : static_cast<std::size_t>(after - blocks_.begin()) - 1;
}

void ScoreCounts::split(std::size_t block) {
  auto& full = blocks_[block];
  Block upper;
  upper.entries.reserve(block_entries_max);
  const auto middle = full.entries.begin() + static_cast<std::ptrdiff_t>(full.entries.size() / 2);
  upper.entries.assign(middle, full.entries.end());
  full.entries.erase(middle, full.entries.end());
  for (const Entry& entry : upper.entries) upper.players += entry.players;
  full.players -= upper.players;
  blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(block) + 1, std::move(upper));
}

void ScoreCounts::add(Score score, std::int64_t players) {
  players_ += players;
  if (blocks_.empty()) {
    blocks_.push_back({players, {{score.value(), players}}});
    return;
  }
  const std::size_t at = block_for(score.value());
  Block& block = blocks_[at];
  block.players += players;
  const auto entry =
      std::lower_bound(block.entries.begin(), block.entries.end(), score.value(), by_score);
  if (entry != block.entries.end() && entry->score == score.value()) {
    entry->players += players;
    return;
  }
  block.entries.insert(entry, {score.value(), players});
  if (block.entries.size() > block_entries_max) split(at);
}

bool ScoreCounts::remove(Score score, std::int64_t players) {
  if (blocks_.empty()) return false;
  const std::size_t at = block_for(score.value());
  Block& block = blocks_[at];
  const auto entry =
      std::lower_bound(block.entries.begin(), block.entries.end(), score.value(), by_score);
  if (entry == block.entries.end() || entry->score != score.value() || entry->players < players) {
    return false;
  }
  players_ -= players;
  block.players -= players;
  entry->players -= players;
  if (entry->players == 0) {
    block.entries.erase(entry);
    if (block.entries.empty()) blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  return true;
}

std::int64_t ScoreCounts::at_or_above(Score score) const {
  if (blocks_.empty()) return 0;
  const std::size_t at = block_for(score.value());
  std::int64_t count = 0;
  for (std::size_t above = at + 1; above < blocks_.size(); ++above) count += blocks_[above].players;
  const auto& entries = blocks_[at].entries;
  for (auto entry = std::lower_bound(entries.begin(), entries.end(), score.value(), by_score);
       entry != entries.end(); ++entry) {
    count += entry->players;
  }
  return count;
}

std::size_t ScoreCounts::distinct_scores() const {
  std::size_t count = 0;
  for (const Block& block : blocks_) count += block.entries.size();
  return count;
}

std::size_t ScoreCounts::memory_bytes() const {
  std::size_t bytes = blocks_.capacity() * sizeof(Block);
  for (const Block& block : blocks_) bytes += block.entries.capacity() * sizeof(Entry);
  return bytes;
}

void ScoreCounts::clear() {
  blocks_.clear();
  players_ = 0;
}

}  // namespace scoreboard
