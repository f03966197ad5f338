// SPDX-License-Identifier: Apache-2.0
// GET /api/leaderboard (contract A, at most 10) and GET /api/leaderboard/top (contract B, at most
// 50). The edge answers both from the publisher's snapshot; a request comes here when there is no
// snapshot yet, or when its limit is not a number.
#include <algorithm>
#include <charconv>

#include "api/endpoints.hpp"
#include "publish/board_json.hpp"

namespace scoreboard::api {
namespace {

constexpr int limit_default = 10;

// 1 and up; what is above the contract's maximum is cut to it.
Result<int> read_limit(const http::Request& request, int limit_max) {
  const std::string text = request.query_parameter("limit");
  if (text.empty()) return limit_default;
  int limit = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), limit);
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits && fault == std::errc::result_out_of_range) return limit_max;
  if (!digits || fault != std::errc{} || end != text.data() + text.size() || limit < 1) {
    return Error{.code = ErrorCode::malformed,
                 .log = "limit is no positive number",
                 .field = "limit",
                 .reason = "must be a whole number from 1"};
  }
  return std::min(limit, limit_max);
}

http::Response board_answer(std::string body) {
  // No ETag here: this answer stands in for the snapshot file, whose validator only Nginx knows.
  return {.headers = {{"Cache-Control", "public, max-age=1, stale-if-error=60"},
                      {"Access-Control-Allow-Origin", "*"}},
          .body = std::move(body)};
}

}  // namespace

Answer get_leaderboard(Services& services, const http::Request& request) {
  auto limit = read_limit(request, 10);
  if (!limit) return std::move(limit).error();
  auto view = services.store.top(*limit);
  if (!view) return std::move(view).error();
  return board_answer(publish::leaderboard_a(*view, static_cast<std::size_t>(*limit)));
}

Answer get_leaderboard_top(Services& services, const http::Request& request) {
  auto limit = read_limit(request, 50);
  if (!limit) return std::move(limit).error();
  auto view = services.store.top(*limit);
  if (!view) return std::move(view).error();
  return board_answer(publish::leaderboard_b(view->standings, static_cast<std::size_t>(*limit)));
}

}  // namespace scoreboard::api
