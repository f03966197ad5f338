// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/exchange {token,session?} -> 200 as login: another issuer's token becomes a
// session. The token may also stand in the Authorization header, without a body. First sight makes
// the user, who has no password and no mail address here; a user is who the issuer and its sub say,
// never who a name or an address says.
#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "api/new_session.hpp"
#include "auth/access_token.hpp"
#include "auth/issuer_token.hpp"
#include "auth/password.hpp"
#include "auth/session_secrets.hpp"
#include "crypto/random.hpp"
#include "http/body.hpp"
#include "http/fields.hpp"

namespace scoreboard::api {
namespace {

struct Presented {
  std::string token;
  SessionForm form = SessionForm::bearer;
};

Result<Presented> read_request(const http::Request& request) {
  const std::string_view authorization = request.header("authorization");
  if (request.body.empty() && !request.body_too_large) {
    auto token = auth::bearer_token(authorization);
    if (!token) return std::move(token).error();
    return Presented{.token = *std::move(token)};
  }
  auto body = http::json_body(request);
  if (!body) return std::move(body).error();
  auto token = http::required_string(*body, "token");
  if (!token) return std::move(token).error();
  if (!authorization.empty()) {
    return Error{.code = ErrorCode::malformed,
                 .log = "a token in the body and another in the header",
                 .field = "token",
                 .reason = "must stand in the body or in the Authorization header, not in both"};
  }
  auto form = session_form(request, *body);
  if (!form) return std::move(form).error();
  return Presented{.token = *std::move(token), .form = *form};
}

Result<auth::ForeignCaller> foreign_caller(const Services& services, std::string_view token,
                                           Timestamp now) {
  auto name = auth::claimed_issuer(token);
  if (!name) return std::move(name).error();
  const Issuer* const issuer = find_issuer(services.issuers, *name);
  if (!issuer) return Error{.code = ErrorCode::unauthenticated, .log = "token: unknown issuer"};
  auto keys = required_keys(*issuer->keys);
  if (!keys) return std::move(keys).error();
  auto caller = auth::verify_issuer_token(**keys, issuer->rules, token, now);
  if (caller) return caller;
  // The issuer's new key may have come into the file a moment ago.
  const auto newer = issuer->keys->newer_than(*keys);
  return newer ? auth::verify_issuer_token(*newer, issuer->rules, token, now) : caller;
}

}  // namespace

Answer post_exchange(Services& services, const http::Request& request) {
  auto presented = read_request(request);
  if (!presented) return std::move(presented).error();
  if (auto keys = check_keys(services); !keys) return std::move(keys).error();
  auto caller = foreign_caller(services, presented->token, request.received_at);
  if (!caller) return of_bad_token(std::move(caller).error());

  const bool usable = static_cast<bool>(auth::check_username(caller->username));
  auto user =
      services.store.user_of_identity({.issuer = std::move(caller->issuer),
                                       .subject = std::move(caller->subject),
                                       .newcomer = auth::new_user_id(),
                                       .wished = Username{usable ? caller->username : ""},
                                       .otherwise = Username{"player-" + crypto::random_hex(6)}},
                                      request.received_at);
  if (!user) return std::move(user).error();
  return new_session(services, *user, {.form = presented->form}, request.received_at);
}

}  // namespace scoreboard::api
