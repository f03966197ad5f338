// SPDX-License-Identifier: Apache-2.0
// GET /api/leaderboard (contract A, at most 10) and GET /api/leaderboard/top (contract B, at most
// 50). The edge answers both for the all-time board from the publisher's snapshot; a request comes
// here for another board (?period=, ?at=), when there is no snapshot yet, or when its limit is not
// a number.
#include "api/endpoints.hpp"
#include "api/period_query.hpp"
#include "publish/board_json.hpp"

namespace scoreboard::api {
namespace {

constexpr int limit_default = 10;

http::Response board_answer(std::string body) {
  // No ETag here: this answer stands in for the snapshot file, whose validator only Nginx knows.
  return {.headers = {{"Cache-Control", "public, max-age=1, stale-if-error=60"},
                      {"Access-Control-Allow-Origin", "*"}},
          .body = std::move(body)};
}

}  // namespace

Answer get_leaderboard(Services& services, const http::Request& request) {
  auto limit = read_count(request, "limit", limit_default, 10);
  if (!limit) return std::move(limit).error();
  auto period = read_period(services, request);
  if (!period) return std::move(period).error();
  auto view = services.store.recent().top(*period, *limit);
  if (!view) return std::move(view).error();
  return board_answer(publish::leaderboard_a(*view, static_cast<std::size_t>(*limit)));
}

Answer get_leaderboard_top(Services& services, const http::Request& request) {
  auto limit = read_count(request, "limit", limit_default, 50);
  if (!limit) return std::move(limit).error();
  auto period = read_period(services, request);
  if (!period) return std::move(period).error();
  auto view = services.store.recent().top(*period, *limit);
  if (!view) return std::move(view).error();
  return board_answer(publish::leaderboard_b(view->standings, static_cast<std::size_t>(*limit)));
}

}  // namespace scoreboard::api
