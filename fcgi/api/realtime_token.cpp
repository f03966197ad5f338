// SPDX-License-Identifier: Apache-2.0
// Contract B: GET /api/realtime/token -> 200 {token,token_type,expires_in,scope}. The token opens
// live connections (?token=) and nothing else.
#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "json/writer.hpp"

namespace scoreboard::api {

Answer get_realtime_token(Services& services, const http::Request& request) {
  auto session = session_caller(services, request);
  if (!session) return std::move(session).error();
  auto keys = required_keys(services.access_keys);
  if (!keys) return std::move(keys).error();
  const auth::TokenRules rules = services.token_rules();
  json::Writer writer;
  writer.begin_object();
  writer.key("token").string(auth::issue_token(**keys, rules, auth::TokenUse::realtime,
                                               session->user.id, session->id, request.received_at));
  writer.key("token_type").string("realtime");
  writer.key("expires_in").number(rules.realtime_lifetime.count());
  writer.key("scope").string("leaderboard scores me");
  writer.end_object();
  return http::Response{.body = std::move(writer).take()};
}

}  // namespace scoreboard::api
