// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/login {username,password} -> 200, see session_answer.hpp. `username` may be the
// mail address.
#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "api/session_answer.hpp"
#include "auth/password.hpp"
#include "auth/session_secrets.hpp"
#include "http/body.hpp"
#include "http/fields.hpp"

namespace scoreboard::api {

Answer post_login(Services& services, const http::Request& request) {
  auto body = http::json_body(request);
  if (!body) return std::move(body).error();
  auto name = http::required_string(*body, "username");
  if (!name) return std::move(name).error();
  auto password = http::required_string(*body, "password");
  if (!password) return std::move(password).error();
  // Before the password is looked at: without keys there is nothing to hand out.
  for (const auto* keys : {&services.access_keys, &services.action_keys}) {
    if (auto present = required_keys(*keys); !present) return std::move(present).error();
  }

  auto found = services.store.find_credential(*name);
  if (!found) return std::move(found).error();
  // An unknown name costs the same time as a wrong password.
  auto good = services.passwords.verify(*password, *found ? (*found)->password_hash : "");
  if (!good) return std::move(good).error();
  if (!*good || !*found) {
    return Error{.code = ErrorCode::unauthenticated,
                 .log = *found ? "wrong password" : "unknown user",
                 .reason = "unknown user or wrong password"};
  }

  const User& user = (*found)->user;
  const SessionId session = auth::new_session_id();
  const std::string refresh_token = auth::new_refresh_token();
  auto added = services.store.add_session(
      {.id = session,
       .user = user.id,
       .refresh_hash = auth::refresh_token_hash(refresh_token),
       .expires_at = request.received_at + services.settings.auth.session_lifetime},
      request.received_at);
  if (!added) return std::move(added).error();
  return session_answer(services, user, session, refresh_token, request.received_at);
}

}  // namespace scoreboard::api
