// SPDX-License-Identifier: Apache-2.0
// The whole game played again from its events, one after the other, by the plain definitions: what
// verify() compares the stored receipts and tops with. Memory follows the number of players.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "board/ids.hpp"
#include "board/score_counts.hpp"
#include "store/journal.hpp"

namespace scoreboard::store {

struct ReplayedPlayer {
  std::int64_t events = 0;
  Score score;
  Reached reached;
};

class Replay {
 public:
  struct Step {
    std::int64_t number = 0;  // the player's own event number
    Score previous;
    Score current;
    Rank rank;
  };
  Step award(const UserId& user, Points points, Reached reached);
  std::vector<TopEntry> top(std::size_t limit) const;
  const std::map<UserId, ReplayedPlayer>& players() const { return players_; }

 private:
  // Best first: higher score, then who reached it first.
  using Place = std::tuple<std::int64_t, Reached, UserId>;

  std::map<UserId, ReplayedPlayer> players_;
  std::set<Place> order_;
  ScoreCounts counts_;
};

}  // namespace scoreboard::store
