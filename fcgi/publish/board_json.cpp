// SPDX-License-Identifier: Apache-2.0
#include "publish/board_json.hpp"

#include <algorithm>

#include "json/writer.hpp"
#include "ops/time_text.hpp"

namespace scoreboard::publish {
namespace {

constexpr std::size_t top_ten = 10;

void write_board_a(json::Writer& writer, const BoardView& view, Period period = {}) {
  writer.begin_object().key("leaderboard").begin_array();
  for (const Standing& standing : view.standings) {
    writer.begin_object();
    writer.key("rank").number(standing.rank.value());
    writer.key("user_id").string(standing.user.str());
    writer.key("username").string(standing.username);
    writer.key("score").number(standing.score.value());
    writer.end_object();
  }
  writer.end_array();
  writer.key("updated_at").string(to_rfc3339(view.updated_at));
  writer.key("version").number(view.version.value());
  if (period.board != Board::all) {
    writer.key("period").string(board_name(period.board));
    writer.key("period_start").string(to_rfc3339(period.start));
  }
  writer.end_object();
}

}  // namespace

BoardView first_of(const BoardView& view, std::size_t limit) {
  if (view.standings.size() <= limit) return view;
  BoardView shorter{.version = {}, .updated_at = {}, .standings = {}};
  shorter.standings.assign(view.standings.begin(),
                           view.standings.begin() + static_cast<std::ptrdiff_t>(limit));
  const auto newest =
      std::max_element(shorter.standings.begin(), shorter.standings.end(),
                       [](const Standing& a, const Standing& b) { return a.reached < b.reached; });
  shorter.version = newest->reached.seq();
  shorter.updated_at = newest->reached_at;
  return shorter;
}

std::string leaderboard_a(const BoardView& view, std::size_t limit) {
  json::Writer writer;
  writer.begin_object().key("success").boolean(true).key("data");
  write_board_a(writer, first_of(view, limit));
  writer.end_object();
  return std::move(writer).take();
}

std::string leaderboard_b(const std::vector<Standing>& standings, std::size_t limit) {
  json::Writer writer;
  writer.begin_array();
  for (std::size_t i = 0; i < std::min(limit, standings.size()); ++i) {
    writer.begin_object();
    writer.key("userId").string(standings[i].user.str());
    writer.key("displayName").string(standings[i].display_name);
    writer.key("score").number(standings[i].score.value());
    writer.key("rank").number(standings[i].rank.value());
    writer.end_object();
  }
  writer.end_array();
  return std::move(writer).take();
}

std::string leaderboard_update_message(const BoardView& view) {
  json::Writer writer;
  writer.begin_object().key("type").string("LEADERBOARD_UPDATE").key("data");
  write_board_a(writer, first_of(view, top_ten));
  writer.end_object();
  return std::move(writer).take();
}

std::string period_update_message(Period period, const BoardView& view) {
  json::Writer writer;
  writer.begin_object().key("type").string("LEADERBOARD_UPDATE").key("data");
  write_board_a(writer, first_of(view, top_ten), period);
  writer.end_object();
  return std::move(writer).take();
}

std::string leaderboard_updated_message(const BoardView& view) {
  const BoardView shown = first_of(view, top_ten);
  json::Writer writer;
  writer.begin_object();
  writer.key("type").string("leaderboard_updated");
  writer.key("top10").raw(leaderboard_b(shown.standings, top_ten));
  writer.key("version").number(shown.version.value());
  writer.key("updated_at").string(to_rfc3339(shown.updated_at));
  writer.end_object();
  return std::move(writer).take();
}

std::string user_score_updated_message(const Change& change) {
  json::Writer writer;
  writer.begin_object();
  writer.key("type").string("user_score_updated");
  writer.key("userId").string(change.user.str());
  writer.key("newScore").number(change.current.value());
  writer.key("version").number(change.reached.seq().value());
  writer.key("updated_at").string(to_rfc3339(change.accepted_at));
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace scoreboard::publish
