// SPDX-License-Identifier: Apache-2.0
// How many players stand at each score, counted so that "how many stand at or above s" is a look-up
// and not a count: the heart of an exact rank.
//
// A rank needs no players, only how many of them have which score. Distinct scores are few where
// points are (ten million players with 0 to 100,000 points: at most 100,001 entries, 1.6 MB), so
// this stays small where a tree of players would not.
//
// The shape is a B+ tree of two levels, flattened: blocks of at most 256 sorted entries, and beside
// them how many players each block holds. Changing a score touches one block; a look-up adds the
// blocks above and part of one. With 100,000 distinct scores that is some 500 block sums and 256
// entries: a few hundred nanoseconds from the cache, without a pointer to chase.
//
// Not thread-safe; its owner guards it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "board/ids.hpp"

namespace scoreboard {

class ScoreCounts {
 public:
  // `players` more stand at `score`. Requires players > 0.
  void add(Score score, std::int64_t players = 1);
  // `players` fewer stand at `score`. False, and nothing changed, if fewer than that stood there:
  // the caller's picture is wrong and must be loaded anew.
  [[nodiscard]] bool remove(Score score, std::int64_t players = 1);

  std::int64_t at_or_above(Score score) const;
  std::int64_t above(Score score) const { return at_or_above(Score{score.value() + 1}); }
  std::int64_t players() const { return players_; }
  std::size_t distinct_scores() const;
  std::size_t memory_bytes() const;
  void clear();

 private:
  struct Entry {
    std::int64_t score;
    std::int64_t players;
  };
  struct Block {
    std::int64_t players = 0;
    std::vector<Entry> entries;  // ascending, never empty
  };

  std::size_t block_for(std::int64_t score) const;
  void split(std::size_t block);

  std::vector<Block> blocks_;  // ascending
  std::int64_t players_ = 0;
};

}  // namespace scoreboard
