// SPDX-License-Identifier: Apache-2.0
#include "store/replay.hpp"

namespace scoreboard::store {

Replay::Step Replay::award(const UserId& user, Points points, Reached reached) {
  ReplayedPlayer& player = players_[user];
  const Score previous = player.score;
  if (player.events > 0) {
    order_.erase({-previous.value(), player.reached, user});
    static_cast<void>(counts_.remove(previous));
  }
  player.score = Score{previous.value() + points.value()};
  player.reached = reached;
  ++player.events;
  const Rank rank{counts_.at_or_above(player.score) + 1};
  counts_.add(player.score);
  order_.insert({-player.score.value(), reached, user});
  return {player.events, previous, player.score, rank};
}

std::vector<TopEntry> Replay::top(std::size_t limit) const {
  std::vector<TopEntry> top;
  for (const auto& [negative_score, reached, user] : order_) {
    if (top.size() == limit) break;
    top.push_back({user, Score{-negative_score}});
  }
  return top;
}

}  // namespace scoreboard::store
