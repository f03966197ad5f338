// SPDX-License-Identifier: Apache-2.0
// GET /api/leaderboard/around/{userId}?limit=5 -> 200 {standings}: a player and up to `limit`
// others on each side, with their ranks of one moment.
#include "api/endpoints.hpp"
#include "api/period_query.hpp"
#include "api/standings_json.hpp"

namespace scoreboard::api {

Answer get_leaderboard_around(Services& services, const http::Request& request) {
  auto limit = read_count(request, "limit", 5, 50);
  if (!limit) return std::move(limit).error();
  auto period = read_period(services, request);
  if (!period) return std::move(period).error();
  auto standings = services.store.recent().around(*period, UserId{request.last_segment()}, *limit);
  if (!standings) return std::move(standings).error();
  if (standings->empty()) return Error{.code = ErrorCode::not_found, .log = "no such user"};
  json::Writer writer;
  writer.begin_object().key("standings");
  write_standings(writer, *standings);
  write_period(writer, *period);
  writer.end_object();
  return http::Response{.headers = {{"Cache-Control", "public, max-age=1"}},
                        .body = std::move(writer).take()};
}

}  // namespace scoreboard::api
