// SPDX-License-Identifier: Apache-2.0
#include "api/caller.hpp"

namespace scoreboard::api {

Result<const auth::KeySet*> required_keys(const std::optional<auth::KeySet>& keys) {
  if (keys) return &*keys;
  return Error{.code = ErrorCode::unavailable,
               .log = "the key file could not be read at start",
               .reason = "signing keys are unavailable",
               .retry_after = std::chrono::seconds{30}};
}

Result<auth::Caller> token_caller(const Services& services, const http::Request& request) {
  auto token = auth::bearer_token(request.header("authorization"));
  if (!token) return std::move(token).error();
  auto keys = required_keys(services.access_keys);
  if (!keys) return std::move(keys).error();
  return auth::verify_token(**keys, services.token_rules(), auth::TokenUse::access, *token,
                            request.received_at);
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
