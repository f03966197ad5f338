// SPDX-License-Identifier: Apache-2.0
#include "api/standings_json.hpp"

#include "ops/time_text.hpp"
#include "publish/board_json.hpp"

namespace scoreboard::api {

void write_period(json::Writer& writer, Period period) {
  writer.key("period").string(board_name(period.board));
  if (period.board != Board::all) writer.key("periodStart").string(to_rfc3339(period.start));
}

void write_standings(json::Writer& writer, const std::vector<Standing>& standings) {
  writer.raw(publish::leaderboard_b(standings, standings.size()));
}

}  // namespace scoreboard::api
