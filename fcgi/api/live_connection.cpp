// SPDX-License-Identifier: Apache-2.0
// How a user's live connection comes about. The edge asks connect with the client's realtime
// token; the answer sends the connection on (X-Accel-Redirect) to a channel of its own on the live
// Nginx, whose hooks then tell when it is really there and when it is gone.
#include <algorithm>
#include <array>

#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "api/our_nginx.hpp"

namespace scoreboard::api {
namespace {

constexpr std::array<std::string_view, 6> channels = {
    "leaderboard", "leaderboard-day", "leaderboard-week", "leaderboard-month", "scores", "me"};

}  // namespace

Answer get_live_connect(Services& services, const http::Request& request) {
  if (auto inside = from_our_nginx(request); !inside) return std::move(inside).error();
  const std::string channel = request.query_parameter("channel");
  if (std::find(channels.begin(), channels.end(), channel) == channels.end()) {
    return Error{.code = ErrorCode::not_found, .log = "no such channel"};
  }
  const std::string token = request.query_parameter("token");
  if (token.empty()) {
    return Error{.code = ErrorCode::unauthenticated,
                 .log = "no realtime token",
                 .reason = "ask GET /api/realtime/token for a token and pass it as ?token="};
  }
  auto caller = believed_caller(services, auth::TokenUse::realtime, token, request.received_at);
  if (!caller) return of_bad_token(std::move(caller).error());
  auto session = live_session(services, *caller, request.received_at);
  if (!session) return std::move(session).error();
  // Last of the checks: a token that opened nothing for another reason is still unused.
  if (auto first = services.used_tokens.use(
          caller->token_id, services.settings.auth.realtime_lifetime + std::chrono::minutes{1});
      !first) {
    return caused_by(*caller, of_bad_token(std::move(first).error()));
  }

  auto connection = services.connections.open(session->user.id, session->id,
                                              services.settings.limits.connections);
  if (!connection) return std::move(connection).error();
  // Again: a logout meanwhile may have looked for connections before this one was noted.
  if (auto still = live_session(services, *caller, request.received_at); !still) {
    services.connections.close_session(session->user.id, session->id);
    return std::move(still).error();
  }
  return http::Response{
      .headers = {{"X-Accel-Redirect",
                   "/_live/" + channel + "/" + session->user.id.str() + "/" + *connection},
                  {"X-Accel-Buffering", "no"}}};
}

Answer get_live_subscribed(Services& services, const http::Request& request) {
  if (auto inside = from_our_nginx(request); !inside) return std::move(inside).error();
  services.connections.subscribed(UserId{request.query_parameter("user")},
                                  request.query_parameter("connection"));
  return http::Response{};
}

Answer get_live_unsubscribed(Services& services, const http::Request& request) {
  if (auto inside = from_our_nginx(request); !inside) return std::move(inside).error();
  services.connections.unsubscribed(UserId{request.query_parameter("user")},
                                    request.query_parameter("connection"));
  return http::Response{};
}

}  // namespace scoreboard::api
