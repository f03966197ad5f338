// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/logout -> 204. The session scores and reads nothing from the next request on, and
// the live connections that it opened are closed. Who came by cookie is rid of the cookies.
#include "api/browser_session.hpp"
#include "api/caller.hpp"
#include "api/endpoints.hpp"

namespace scoreboard::api {

Answer post_logout(Services& services, const http::Request& request) {
  auto caller = token_caller(services, request);
  if (!caller) return std::move(caller).error();
  auto ended = services.store.end_session(caller->session, request.received_at);
  if (!ended) return std::move(ended).error();
  services.connections.close_session(caller->user, caller->session);
  http::Response response{.status = 204, .content_type = ""};
  if (cookie_token(request)) remove_cookies(response);
  return response;
}

}  // namespace scoreboard::api
