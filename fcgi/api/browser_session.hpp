// SPDX-License-Identifier: Apache-2.0
// Sessions of pages. What an application keeps as bearer and refresh token a browser keeps in
// cookies that scripts cannot read; every route that takes the one takes the other. Three cookies:
//
//   __Host-scoreboard          the access token         HttpOnly, SameSite=Lax
//   __Host-scoreboard-refresh  session "." refresh token  HttpOnly, SameSite=Strict. Path=/,
//   although
//                              one path needs it: only "__Host-" keeps a subdomain from planting
//                              one
//   __Host-scoreboard-csrf     the CSRF token, for scripts, SameSite=Strict
//
// A browser sends cookies whoever made the request, so whatever may change something must show, on
// top of SameSite, that a page of ours made it (http/own_page.hpp) and the session's CSRF token in
// X-CSRF-Token: the signed double submit of OWASP's cheat sheet. The token is derived from the
// session, so a cookie that was planted does not match either.
//
// Where a request has both, Authorization decides and the cookie is not looked at: no foreign page
// can add that header.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/services.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "json/value.hpp"
#include "outcome/result.hpp"
#include "store/store.hpp"

namespace scoreboard::api {

enum class SessionForm { bearer, cookie };

// What the body's "session" asks for: "cookie", or "bearer", which is also meant by its absence;
// malformed otherwise. "cookie" must come from a page of ours, or a foreign one could log its
// visitors in as somebody else: forbidden.
Result<SessionForm> session_form(const http::Request& request, const json::Value& body);

// The access token of the cookie, if the request is to be judged by it.
std::optional<std::string> cookie_token(const http::Request& request);

// forbidden unless X-CSRF-Token is the session's, by any master key in force.
Result<void> check_csrf(const Services& services, const http::Request& request,
                        const SessionId& session);

struct RefreshCookie {
  SessionId session;
  std::string token;
};
// unauthenticated without the cookie; forbidden without the CSRF token of its session.
Result<RefreshCookie> refresh_cookie(const Services& services, const http::Request& request);

// 200 {token_type,expires_in,csrf_token,action_secret_key,nonce,user} and the cookies.
Result<http::Response> browser_session_answer(const Services& services, const LiveSession& session,
                                              std::string_view refresh_token, Timestamp now);

void remove_cookies(http::Response& response);

}  // namespace scoreboard::api
