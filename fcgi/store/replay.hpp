// SPDX-License-Identifier: Apache-2.0
// The whole game played again from its journal, one action after the other, by the plain
// definitions: what verify() compares everything with. Memory follows the number of players.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "board/decide.hpp"
#include "board/score_counts.hpp"

namespace scoreboard::store {

class Replay {
 public:
  // Players go by the pseudonym that the journal knows.
  using Name = std::string;

  struct Step {
    std::int64_t number = 0;  // the player's own event number
    std::vector<Move> moves;  // in the order of `periods`, with ranks
  };
  Step award(const Name& player, Points points, Reached reached,
             const std::vector<Period>& periods);

  // The all-time board's best, in order.
  std::vector<std::pair<Name, Score>> top(std::size_t limit) const;
  const std::map<Period, std::unordered_map<Name, Place>>& boards() const { return places_; }
  const std::unordered_map<Name, std::int64_t>& event_numbers() const { return numbers_; }

 private:
  // Best first: higher score, then who reached it first.
  using Rung = std::tuple<std::int64_t, Reached, Name>;

  std::map<Period, std::unordered_map<Name, Place>> places_;
  std::map<Period, ScoreCounts> counts_;
  std::set<Rung> order_;
  std::unordered_map<Name, std::int64_t> numbers_;
};

}  // namespace scoreboard::store
