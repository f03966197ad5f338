// SPDX-License-Identifier: Apache-2.0
#include "store/replay.hpp"

namespace scoreboard::store {

Replay::Step Replay::award(const Name& player, Points points, Reached reached,
                           const std::vector<Period>& periods) {
  Step step{.number = ++numbers_[player], .moves = {}};
  for (const Period& period : periods) {
    Place& place = places_[period][player];
    ScoreCounts& counts = counts_[period];
    const Place before = place;
    place = {Score{before.score.value() + points.value()}, reached};
    if (before.score.value() > 0) static_cast<void>(counts.leave(before.score, before.reached));
    const Rank rank{counts.at_or_above(place.score) + 1};
    counts.arrive(place.score, reached);
    step.moves.push_back({period, before, place, rank});
    if (period.board != Board::all) continue;
    order_.erase({-before.score.value(), before.reached, player});
    order_.insert({-place.score.value(), reached, player});
  }
  return step;
}

std::vector<std::pair<Replay::Name, Score>> Replay::top(std::size_t limit) const {
  std::vector<std::pair<Name, Score>> top;
  for (const auto& [negative_score, reached, player] : order_) {
    if (top.size() == limit) break;
    top.emplace_back(player, Score{-negative_score});
  }
  return top;
}

}  // namespace scoreboard::store
