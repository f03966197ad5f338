// SPDX-License-Identifier: Apache-2.0
#include "ctl/top_screen.hpp"

#include <fmt/core.h>

#include "ops/time_text.hpp"

namespace scoreboard::ctl {
namespace {

std::string move_of(const Standing& standing, const Places* before) {
  if (before == nullptr) return "";
  const auto place = before->find(standing.user);
  if (place == before->end()) return "new";
  const auto climbed = place->second.value() - standing.rank.value();
  return climbed == 0 ? "" : fmt::format("{:+}", climbed);
}

}  // namespace

Places places_of(const BoardView& view) {
  Places places;
  for (const Standing& standing : view.standings) places.emplace(standing.user, standing.rank);
  return places;
}

std::string top_screen(const BoardView& view, const Places* before) {
  if (view.standings.empty()) return "Nobody has scored yet.\n";
  std::string screen =
      fmt::format("{:>4}  {:>4}  {:>12}  {:<24}  {}\n", "rank", "", "score", "reached", "player");
  for (const Standing& standing : view.standings) {
    screen += fmt::format("{:>4}  {:>4}  {:>12}  {:<24}  {}\n", standing.rank.value(),
                          move_of(standing, before), standing.score.value(),
                          to_rfc3339(standing.reached_at), standing.username);
  }
  return screen + fmt::format("version {}, updated at {}\n", view.version.value(),
                              to_rfc3339(view.updated_at));
}

}  // namespace scoreboard::ctl
