// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/refresh {refresh_token} -> 200 as login. A refresh token is good once; one that
// comes back after its use ends the session.
#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "api/session_answer.hpp"
#include "auth/session_secrets.hpp"
#include "http/body.hpp"
#include "http/fields.hpp"

namespace scoreboard::api {

Answer post_refresh(Services& services, const http::Request& request) {
  auto body = http::json_body(request);
  if (!body) return std::move(body).error();
  auto presented = http::required_string(*body, "refresh_token");
  if (!presented) return std::move(presented).error();
  // Before the token is used up: without keys the answer could not be made.
  for (const auto* keys : {&services.access_keys, &services.action_keys}) {
    if (auto present = required_keys(*keys); !present) return std::move(present).error();
  }

  const std::string successor = auth::new_refresh_token();
  auto session =
      services.store.rotate_refresh({.presented_hash = auth::refresh_token_hash(*presented),
                                     .successor_hash = auth::refresh_token_hash(successor),
                                     .request = RequestId{request.request_id}},
                                    request.received_at);
  if (!session) return std::move(session).error();
  if (!*session) {
    return Error{.code = ErrorCode::unauthenticated,
                 .log = "refresh token unknown, used or its session over",
                 .reason = "the refresh token is not valid; log in again"};
  }
  return session_answer(services, (*session)->user, (*session)->id, successor, request.received_at);
}

}  // namespace scoreboard::api
