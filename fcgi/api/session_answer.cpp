// SPDX-License-Identifier: Apache-2.0
#include "api/session_answer.hpp"

#include "api/caller.hpp"
#include "auth/session_secrets.hpp"

namespace scoreboard::api {

void write_user(json::Writer& writer, const User& user) {
  writer.begin_object();
  writer.key("id").string(user.id.str());
  writer.key("username").string(user.username.str());
  writer.key("display_name").string(user.display_name);
  writer.end_object();
}

Result<http::Response> session_answer(const Services& services, const User& user,
                                      const SessionId& session, std::string_view refresh_token,
                                      Timestamp now) {
  auto access = required_keys(services.access_keys);
  if (!access) return std::move(access).error();
  auto action = required_keys(services.action_keys);
  if (!action) return std::move(action).error();

  const auth::TokenRules rules = services.token_rules();
  const auto secrets = auth::derive_session_secrets((*action)->first(), session);
  json::Writer writer;
  writer.begin_object();
  writer.key("access_token")
      .string(auth::issue_token(**access, rules, auth::TokenUse::access, user.id, session, now));
  writer.key("token_type").string("Bearer");
  writer.key("expires_in").number(rules.access_lifetime.count());
  writer.key("refresh_token").string(refresh_token);
  writer.key("action_secret_key").string(secrets.action_secret_key);
  writer.key("nonce").string(secrets.nonce);
  writer.key("user");
  write_user(writer, user);
  writer.end_object();
  return http::Response{.body = std::move(writer).take()};
}

}  // namespace scoreboard::api
