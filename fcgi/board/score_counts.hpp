// SPDX-License-Identifier: Apache-2.0
// How many players stand at each score, counted so that "how many stand at or above s" is a look-up
// and not a count: the heart of an exact rank.
//
// A rank needs no players, only how many of them have which score. Players of one score are counted
// in groups of at most `group_max`, in the order in which they reached it, so that a place among
// equals is bounded too: whole groups are added up, and only one group's players have to be looked
// at one by one. Memory follows distinct scores plus players / group_max: ten million players with
// 0 to 100,000 points need about 140,000 entries of 24 bytes.
//
// The shape is a B+ tree of two levels, flattened: blocks of at most 256 sorted entries, and beside
// them how many players each block holds. Changing a score touches one block; a look-up adds the
// blocks above and part of one, without a pointer to chase.
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
  static constexpr std::int64_t group_max = 256;

  // One more stands at `score`, who reached it just then: later than everybody who stands there.
  void arrive(Score score, Reached reached);
  // One fewer stands at `score`: the one who had reached it at `reached`. False, and nothing
  // changed, if nobody can have: the caller's picture is wrong and must be loaded anew.
  [[nodiscard]] bool leave(Score score, Reached reached);
  // `players` at `score`, the first of whom reached it at `from`. For loading, in ascending order
  // of (score, from); requires 0 < players <= group_max.
  void load(Score score, Reached from, std::int64_t players);

  std::int64_t at_or_above(Score score) const;
  std::int64_t above(Score score) const { return at_or_above(Score{score.value() + 1}); }

  // Among the players at `score`: how many are in the groups before that of `reached`, and where
  // its group begins. Who reached `score` in [group_from, reached) must be counted by other means.
  struct Equals {
    std::int64_t before = 0;
    Reached group_from;
  };
  Equals equals(Score score, Reached reached) const;

  std::int64_t players() const { return players_; }
  std::size_t entries() const;
  std::size_t memory_bytes() const;

 private:
  struct Key {
    std::int64_t score = 0;
    std::int64_t from = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Entry {
    Key key;
    std::int64_t players = 0;
  };
  struct Block {
    std::int64_t players = 0;
    std::vector<Entry> entries;  // ascending, never empty
  };
  struct Place {
    std::size_t block = 0;
    std::size_t entry = 0;
  };

  std::size_t block_for(Key key) const;
  bool find_last_up_to(Key key, Place& place) const;
  void insert(Entry entry);
  void erase(Place place);
  void join_with_next(Place place);
  void split(std::size_t block);

  std::vector<Block> blocks_;  // ascending
  std::int64_t players_ = 0;
};

}  // namespace scoreboard
