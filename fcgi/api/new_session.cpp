// SPDX-License-Identifier: Apache-2.0
#include "api/new_session.hpp"

#include "api/caller.hpp"
#include "api/session_answer.hpp"
#include "auth/session_secrets.hpp"

namespace scoreboard::api {

Result<void> check_keys(const Services& services) {
  for (const auto* keys : {&services.access_keys, &services.action_keys}) {
    if (auto present = required_keys(*keys); !present) return std::move(present).error();
  }
  return {};
}

Result<http::Response> new_session(const Services& services, const User& user,
                                   const SessionWish& wish, Timestamp now) {
  const LiveSession session{.id = auth::new_session_id(),
                            .user = user,
                            .expires_at = now + services.settings.auth.session_lifetime};
  const std::string refresh_token = auth::new_refresh_token();
  auto added = services.store.add_session({.id = session.id,
                                           .user = user.id,
                                           .refresh_hash = auth::refresh_token_hash(refresh_token),
                                           .expires_at = session.expires_at,
                                           .login = wish.login},
                                          now);
  if (!added) return std::move(added).error();
  if (wish.form == SessionForm::cookie) {
    return browser_session_answer(services, session, refresh_token, now);
  }
  return session_answer(services, user, session.id, refresh_token, now);
}

}  // namespace scoreboard::api
