// SPDX-License-Identifier: Apache-2.0
#include "api/caller.hpp"

#include "api/browser_session.hpp"
#include "http/own_page.hpp"

namespace scoreboard::api {

Result<auth::Caller> believed_caller(const Services& services, auth::TokenUse use,
                                     std::string_view token, Timestamp now) {
  auto keys = required_keys(services.access_keys);
  if (!keys) return std::move(keys).error();
  auto caller = auth::verify_token(**keys, services.token_rules(), use, token, now);
  if (caller) return caller;
  // Signed by another worker with a key that came into the file a moment ago?
  const auto newer = services.access_keys.newer_than(*keys);
  if (!newer) return caller;
  return auth::verify_token(*newer, services.token_rules(), use, token, now);
}

Error caused_by(const auth::Caller& caller, Error refusal) {
  refusal.user = caller.user.str();
  return refusal;
}

Error of_bad_token(Error refusal) {
  if (refusal.code == ErrorCode::unauthenticated && !refusal.failure) {
    refusal.failure = AuthFailure::bad_token;
  }
  return refusal;
}

namespace {

Result<auth::Caller> believed(const Services& services, const http::Request& request,
                              std::string_view token) {
  auto caller = believed_caller(services, auth::TokenUse::access, token, request.received_at);
  if (!caller) return of_bad_token(std::move(caller).error());
  return caller;
}

Result<auth::Caller> cookie_caller(const Services& services, const http::Request& request,
                                   std::string_view token) {
  if (!http::is_unsafe(request)) return believed(services, request, token);
  if (auto own = http::from_own_page(request); !own) return std::move(own).error();
  auto caller = believed(services, request, token);
  if (!caller) return caller;
  if (auto ours = check_csrf(services, request, caller->session); !ours) {
    return caused_by(*caller, std::move(ours).error());
  }
  return caller;
}

}  // namespace

Result<auth::Caller> token_caller(const Services& services, const http::Request& request) {
  if (const auto token = cookie_token(request)) return cookie_caller(services, request, *token);
  const std::string_view shown = request.header("authorization");
  auto token = auth::bearer_token(shown);
  if (!token && shown.empty()) return std::move(token).error();  // nobody tried anything
  if (!token) return of_bad_token(std::move(token).error());
  return believed(services, request, *token);
}

Result<LiveSession> live_session(const Services& services, const auth::Caller& caller,
                                 Timestamp now) {
  auto session = services.store.find_session(caller.session, now);
  if (!session) return std::move(session).error();
  if (!*session || (*session)->user.id != caller.user) {
    return Error{.code = ErrorCode::unauthenticated, .log = "the session has ended"};
  }
  return **std::move(session);
}

Result<LiveSession> session_caller(const Services& services, const http::Request& request) {
  auto caller = token_caller(services, request);
  if (!caller) return std::move(caller).error();
  return live_session(services, *caller, request.received_at);
}

}  // namespace scoreboard::api
