// SPDX-License-Identifier: Apache-2.0
// GET /api/scores/receipts/{actionId} -> 200: what an action of the caller did, on every board that
// it counted on, as it was stored with the action. Answered for as long as events are kept.
#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "api/standings_json.hpp"
#include "ops/time_text.hpp"

namespace scoreboard::api {

Answer get_score_receipt(Services& services, const http::Request& request) {
  auto session = session_caller(services, request);
  if (!session) return std::move(session).error();
  auto receipt = services.store.receipt(session->user.id, ActionId{request.last_segment()});
  if (!receipt) return std::move(receipt).error();
  if (!*receipt) return Error{.code = ErrorCode::not_found, .log = "no such action of this user"};
  const Receipt& found = **receipt;

  json::Writer writer;
  writer.begin_object();
  writer.key("userId").string(session->user.id.str());
  writer.key("actionId").string(request.last_segment());
  writer.key("points").number(found.points.value());
  writer.key("acceptedAt").string(to_rfc3339(found.accepted_at));
  writer.key("version").number(found.reached.seq().value());
  writer.key("boards").begin_array();
  const auto write_board = [&](Period period, Score previous, Score current, Rank rank) {
    writer.begin_object();
    write_period(writer, period);
    writer.key("previousScore").number(previous.value());
    writer.key("newScore").number(current.value());
    writer.key("rank").number(rank.value());
    writer.end_object();
  };
  write_board(Period{}, found.previous, found.current, found.rank);
  for (const PeriodReceipt& one : found.periods) {
    write_board(one.period, one.previous, one.current, one.rank);
  }
  writer.end_array().end_object();
  return http::Response{.headers = {{"Cache-Control", "private, no-store"}},
                        .body = std::move(writer).take()};
}

}  // namespace scoreboard::api
