// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/register {username,email,password} -> 201 {user:{id,username,display_name}}
#include "api/endpoints.hpp"
#include "api/session_answer.hpp"
#include "auth/password.hpp"
#include "auth/session_secrets.hpp"
#include "http/body.hpp"
#include "http/fields.hpp"
#include "json/writer.hpp"

namespace scoreboard::api {

Answer post_register(Services& services, const http::Request& request) {
  auto body = http::json_body(request);
  if (!body) return std::move(body).error();
  auto username = http::required_string(*body, "username");
  if (!username) return std::move(username).error();
  auto email = http::required_string(*body, "email");
  if (!email) return std::move(email).error();
  auto password = http::required_string(*body, "password");
  if (!password) return std::move(password).error();
  for (auto& checked : {auth::check_username(*username), auth::check_email(*email),
                        auth::check_password(*password)}) {
    if (!checked) return checked.error();
  }

  auto hash = services.passwords.hash(*password);
  if (!hash) return std::move(hash).error();
  auto user = services.store.add_user({.id = auth::new_user_id(),
                                       .username = Username{*username},
                                       .email = *email,
                                       .display_name = *username,
                                       .password_hash = *std::move(hash),
                                       .request = RequestId{request.request_id}},
                                      request.received_at);
  if (!user) return std::move(user).error();

  json::Writer writer;
  writer.begin_object().key("user");
  write_user(writer, *user);
  writer.end_object();
  return http::Response{.status = 201, .body = std::move(writer).take()};
}

}  // namespace scoreboard::api
