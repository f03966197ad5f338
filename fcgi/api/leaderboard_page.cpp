// SPDX-License-Identifier: Apache-2.0
// GET /api/leaderboard/page?after=<cursor>&limit=<=100 -> 200 {standings,next}: the whole board,
// page by page, without OFFSET. A cursor names a place in the order, not a count of rows: while
// scores move nobody who stays behind it is left out or shown twice; who overtakes it is on an
// earlier page.
#include <charconv>

#include "api/endpoints.hpp"
#include "api/period_query.hpp"
#include "api/standings_json.hpp"

namespace scoreboard::api {
namespace {

// "score.reached" of the standing that was seen last.
std::string cursor_of(const Standing& standing) {
  return std::to_string(standing.score.value()) + "." + std::to_string(standing.reached.value());
}

Result<std::optional<BoardCursor>> read_cursor(const http::Request& request) {
  const std::string text = request.query_parameter("after");
  if (text.empty()) return std::optional<BoardCursor>{};
  const char* const end = text.data() + text.size();
  std::int64_t score = 0;
  std::int64_t reached = 0;
  const auto first = std::from_chars(text.data(), end, score);
  if (first.ec == std::errc{} && first.ptr != end && *first.ptr == '.') {
    const auto second = std::from_chars(first.ptr + 1, end, reached);
    if (second.ec == std::errc{} && second.ptr == end && score > 0 && reached >= 0) {
      return std::optional(BoardCursor{Score{score}, Reached{reached}});
    }
  }
  return Error{.code = ErrorCode::malformed,
               .log = "after is no cursor",
               .field = "after",
               .reason = "must be the `next` of an earlier page"};
}

}  // namespace

Answer get_leaderboard_page(Services& services, const http::Request& request) {
  auto limit = read_count(request, "limit", 50, 100);
  if (!limit) return std::move(limit).error();
  auto period = read_period(services, request);
  if (!period) return std::move(period).error();
  auto after = read_cursor(request);
  if (!after) return std::move(after).error();
  auto standings = services.store.recent().page(*period, *after, *limit);
  if (!standings) return std::move(standings).error();
  json::Writer writer;
  writer.begin_object().key("standings");
  write_standings(writer, *standings);
  writer.key("next");
  if (static_cast<int>(standings->size()) < *limit) {
    writer.null();
  } else {
    writer.string(cursor_of(standings->back()));
  }
  write_period(writer, *period);
  writer.end_object();
  return http::Response{.headers = {{"Cache-Control", "public, max-age=1"}},
                        .body = std::move(writer).take()};
}

}  // namespace scoreboard::api
