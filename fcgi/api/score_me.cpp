// SPDX-License-Identifier: Apache-2.0
// Contract B: GET /api/scores/me -> 200 {userId,score,rank}; with ?around=N also {neighbours}: the
// caller and up to N players on each side.
#include <algorithm>

#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "api/period_query.hpp"
#include "api/standings_json.hpp"
#include "json/writer.hpp"

namespace scoreboard::api {
namespace {

constexpr int neighbours_max = 50;

}  // namespace

Answer get_score_me(Services& services, const http::Request& request) {
  auto session = session_caller(services, request);
  if (!session) return std::move(session).error();
  auto period = read_period(services, request);
  if (!period) return std::move(period).error();
  const bool with_neighbours = !request.query_parameter("around").empty();
  auto each_side = read_count(request, "around", 1, neighbours_max);
  if (!each_side) return std::move(each_side).error();

  std::vector<Standing> neighbours;
  std::optional<Standing> own;
  if (with_neighbours) {
    auto found = services.store.around(*period, session->user.id, *each_side);
    if (!found) return std::move(found).error();
    neighbours = *std::move(found);
    const auto self = std::find_if(neighbours.begin(), neighbours.end(), [&](const Standing& one) {
      return one.user == session->user.id;
    });
    if (self != neighbours.end()) own = *self;
  } else {
    auto found = services.store.standing(*period, session->user.id);
    if (!found) return std::move(found).error();
    own = *std::move(found);
  }
  if (!own) return Error{.code = ErrorCode::internal, .log = "a live session of an unknown user"};

  json::Writer writer;
  writer.begin_object();
  writer.key("userId").string(session->user.id.str());
  writer.key("score").number(own->score.value());
  writer.key("rank").number(own->rank.value());
  if (period->board != Board::all) write_period(writer, *period);
  if (with_neighbours) {
    writer.key("neighbours");
    write_standings(writer, neighbours);
  }
  writer.end_object();
  return http::Response{.headers = {{"Cache-Control", "private, no-store"}},
                        .body = std::move(writer).take()};
}

}  // namespace scoreboard::api
