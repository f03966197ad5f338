// SPDX-License-Identifier: Apache-2.0
#include "board/score_counts.hpp"

#include <algorithm>
#include <limits>

namespace scoreboard {
namespace {

// Large enough that block sums are few, small enough that an insertion moves at most 6 KiB.
constexpr std::size_t block_entries_max = 256;
constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();

}  // namespace

// The last block that starts at or below `key`; the first one for a key below them all.
std::size_t ScoreCounts::block_for(Key key) const {
  const auto after = std::upper_bound(
      blocks_.begin(), blocks_.end(), key,
      [](Key value, const Block& block) { return value < block.entries.front().key; });
  return after == blocks_.begin() ? 0 : static_cast<std::size_t>(after - blocks_.begin()) - 1;
}

bool ScoreCounts::find_last_up_to(Key key, Place& place) const {
  if (blocks_.empty()) return false;
  place.block = block_for(key);
  const auto& entries = blocks_[place.block].entries;
  const auto after =
      std::upper_bound(entries.begin(), entries.end(), key,
                       [](Key value, const Entry& entry) { return value < entry.key; });
  if (after == entries.begin()) return false;
  place.entry = static_cast<std::size_t>(after - entries.begin()) - 1;
  return true;
}

void ScoreCounts::split(std::size_t block) {
  auto& full = blocks_[block];
  Block upper;
  upper.entries.reserve(block_entries_max + 1);
  // At the end entries are mostly appended (loading, new records): leave the lower block well
  // filled.
  const bool is_last = block + 1 == blocks_.size();
  const std::size_t kept = full.entries.size() * (is_last ? 7 : 4) / 8;
  const auto middle = full.entries.begin() + static_cast<std::ptrdiff_t>(kept);
  upper.entries.assign(middle, full.entries.end());
  full.entries.erase(middle, full.entries.end());
  for (const Entry& entry : upper.entries) upper.players += entry.players;
  full.players -= upper.players;
  blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(block) + 1, std::move(upper));
}

void ScoreCounts::insert(Entry entry) {
  players_ += entry.players;
  if (blocks_.empty()) {
    blocks_.push_back({entry.players, {}});
    blocks_.back().entries.reserve(block_entries_max + 1);
    blocks_.back().entries.push_back(entry);
    return;
  }
  const std::size_t at = block_for(entry.key);
  Block& block = blocks_[at];
  block.players += entry.players;
  const auto before =
      std::upper_bound(block.entries.begin(), block.entries.end(), entry.key,
                       [](Key value, const Entry& other) { return value < other.key; });
  block.entries.insert(before, entry);
  if (block.entries.size() > block_entries_max) split(at);
}

void ScoreCounts::erase(Place place) {
  auto& entries = blocks_[place.block].entries;
  entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(place.entry));
  if (entries.empty()) blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(place.block));
}

void ScoreCounts::arrive(Score score, Reached reached) {
  Place place;
  if (find_last_up_to({score.value(), last}, place)) {
    Block& block = blocks_[place.block];
    Entry& entry = block.entries[place.entry];
    if (entry.key.score == score.value() && entry.players < group_max) {
      ++entry.players;
      ++block.players;
      ++players_;
      return;
    }
  }
  insert({{score.value(), reached.value()}, 1});
}

// Groups only shrink once they are full: two small neighbours become one, or a score that many pass
// through would leave a trail of them.
void ScoreCounts::join_with_next(Place place) {
  auto& block = blocks_[place.block];
  if (place.entry + 1 >= block.entries.size()) return;
  Entry& entry = block.entries[place.entry];
  const Entry& next = block.entries[place.entry + 1];
  if (entry.key.score != next.key.score || entry.players + next.players > group_max / 2) return;
  entry.players += next.players;
  block.entries.erase(block.entries.begin() + static_cast<std::ptrdiff_t>(place.entry) + 1);
}

bool ScoreCounts::leave(Score score, Reached reached) {
  Place place;
  if (!find_last_up_to({score.value(), reached.value()}, place)) return false;
  Block& block = blocks_[place.block];
  Entry& entry = block.entries[place.entry];
  if (entry.key.score != score.value()) return false;
  --players_;
  --block.players;
  if (--entry.players == 0) {
    erase(place);
    return true;
  }
  join_with_next(place);
  if (place.entry > 0) join_with_next({place.block, place.entry - 1});
  return true;
}

void ScoreCounts::load(Score score, Reached from, std::int64_t players) {
  insert({{score.value(), from.value()}, players});
}

std::int64_t ScoreCounts::at_or_above(Score score) const {
  if (blocks_.empty()) return 0;
  const Key key{score.value(), std::numeric_limits<std::int64_t>::min()};
  const std::size_t at = block_for(key);
  std::int64_t count = 0;
  for (std::size_t above = at + 1; above < blocks_.size(); ++above) count += blocks_[above].players;
  const auto& entries = blocks_[at].entries;
  for (auto entry =
           std::lower_bound(entries.begin(), entries.end(), key,
                            [](const Entry&other, Key value) { return other.key < value; });
       entry != entries.end(); ++entry) {
    count += entry->players;
  }
  return count;
}

ScoreCounts::Equals ScoreCounts::equals(Score score, Reached reached) const {
  Equals equals;
  Place place;
  if (!find_last_up_to({score.value(), reached.value()}, place)) return equals;
  const Entry& own = blocks_[place.block].entries[place.entry];
  if (own.key.score != score.value()) return equals;
  equals.group_from = Reached{own.key.from};
  // Backwards over the groups of this score, which may lie in several blocks.
  for (std::size_t block = place.block + 1; block-- > 0;) {
    const auto& entries = blocks_[block].entries;
    for (std::size_t i = block == place.block ? place.entry : entries.size(); i-- > 0;) {
      if (entries[i].key.score != score.value()) return equals;
      equals.before += entries[i].players;
    }
  }
  return equals;
}

std::size_t ScoreCounts::entries() const {
  std::size_t count = 0;
  for (const Block& block : blocks_) count += block.entries.size();
  return count;
}

std::size_t ScoreCounts::memory_bytes() const {
  std::size_t bytes = blocks_.capacity() * sizeof(Block);
  for (const Block& block : blocks_) bytes += block.entries.capacity() * sizeof(Entry);
  return bytes;
}

}  // namespace scoreboard
