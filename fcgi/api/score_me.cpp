// SPDX-License-Identifier: Apache-2.0
// Contract B: GET /api/scores/me -> 200 {userId,score,rank}
#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "json/writer.hpp"

namespace scoreboard::api {

Answer get_score_me(Services& services, const http::Request& request) {
  auto session = session_caller(services, request);
  if (!session) return std::move(session).error();
  auto standing = services.store.standing(session->user.id);
  if (!standing) return std::move(standing).error();
  if (!*standing) {
    return Error{.code = ErrorCode::internal, .log = "a live session of an unknown user"};
  }
  json::Writer writer;
  writer.begin_object();
  writer.key("userId").string(session->user.id.str());
  writer.key("score").number((*standing)->score.value());
  writer.key("rank").number((*standing)->rank.value());
  writer.end_object();
  return http::Response{.headers = {{"Cache-Control", "private, no-store"}},
                        .body = std::move(writer).take()};
}

}  // namespace scoreboard::api
