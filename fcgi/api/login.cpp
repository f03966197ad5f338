// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/login {username,password} -> 200, see session_answer.hpp. `username` may be the
// mail address.
#include "api/endpoints.hpp"
#include "api/new_session.hpp"
#include "auth/password.hpp"
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
  if (auto present = check_keys(services); !present) return std::move(present).error();

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

  return new_session(services, (*found)->user, request.received_at);
}

}  // namespace scoreboard::api
