// SPDX-License-Identifier: Apache-2.0
#include "api/browser_session.hpp"

#include <algorithm>

#include "api/caller.hpp"
#include "api/session_answer.hpp"
#include "auth/session_secrets.hpp"
#include "auth/text_form.hpp"
#include "crypto/constant_time.hpp"
#include "http/cookies.hpp"
#include "http/fields.hpp"
#include "http/own_page.hpp"

namespace scoreboard::api {
namespace {

constexpr std::string_view access_name = "__Host-scoreboard";
constexpr std::string_view refresh_name = "__Host-scoreboard-refresh";
constexpr std::string_view csrf_name = "__Host-scoreboard-csrf";

bool is_csrf_token(const auth::KeySet& masters, const SessionId& session, std::string_view shown) {
  return std::ranges::any_of(masters.all(), [&](const auth::Key& master) {
    return crypto::constant_time_equal(auth::csrf_token(master, session), shown);
  });
}

}  // namespace

Result<SessionForm> session_form(const http::Request& request, const json::Value& body) {
  if (!body.find("session")) return SessionForm::bearer;
  auto form = http::required_string(body, "session");
  if (!form) return std::move(form).error();
  if (*form == "bearer") return SessionForm::bearer;
  if (*form != "cookie") {
    return Error{.code = ErrorCode::malformed,
                 .log = "unknown form of session",
                 .field = "session",
                 .reason = "must be bearer or cookie"};
  }
  if (auto own = http::from_own_page(request); !own) return std::move(own).error();
  return SessionForm::cookie;
}

std::optional<std::string> cookie_token(const http::Request& request) {
  if (!request.header("authorization").empty()) return std::nullopt;
  const std::string_view token = http::cookie(request, access_name);
  if (token.empty()) return std::nullopt;
  return std::string(token);
}

Result<void> check_csrf(const Services& services, const http::Request& request,
                        const SessionId& session) {
  auto masters = required_keys(services.action_keys);
  if (!masters) return std::move(masters).error();
  const std::string_view shown = request.header("x-csrf-token");
  if (is_csrf_token(**masters, session, shown)) return {};
  // Handed out by another worker, by a master key that came into the file a moment ago?
  const auto newer = services.action_keys.newer_than(*masters);
  if (newer && is_csrf_token(*newer, session, shown)) return {};
  return Error{.code = ErrorCode::forbidden,
               .log = shown.empty() ? "no CSRF token" : "another session's CSRF token, or none's",
               .field = "x-csrf-token",
               .reason = "must be the csrf_token of this session",
               .failure = AuthFailure::csrf};
}

Result<RefreshCookie> refresh_cookie(const Services& services, const http::Request& request) {
  const std::string_view value = http::cookie(request, refresh_name);
  const auto dot = value.find('.');
  const std::string_view session = value.substr(0, dot);
  if (dot == std::string_view::npos || !auth::is_session_id(session)) {
    return Error{.code = ErrorCode::unauthenticated,
                 .log = "no refresh cookie",
                 .reason = "there is no session to refresh; log in"};
  }
  RefreshCookie cookie{SessionId{std::string(session)}, std::string(value.substr(dot + 1))};
  if (auto ours = check_csrf(services, request, cookie.session); !ours) {
    return std::move(ours).error();
  }
  return cookie;
}

Result<http::Response> browser_session_answer(const Services& services, const LiveSession& session,
                                              std::string_view refresh_token, Timestamp now) {
  auto access = required_keys(services.access_keys);
  if (!access) return std::move(access).error();
  auto action = required_keys(services.action_keys);
  if (!action) return std::move(action).error();

  const auth::TokenRules rules = services.token_rules();
  const auto secrets = auth::derive_session_secrets((*action)->first(), session.id);
  const std::string csrf = auth::csrf_token((*action)->first(), session.id);
  json::Writer writer;
  writer.begin_object();
  writer.key("token_type").string("Cookie");
  writer.key("expires_in").number(rules.access_lifetime.count());
  writer.key("csrf_token").string(csrf);
  writer.key("action_secret_key").string(secrets.action_secret_key);
  writer.key("nonce").string(secrets.nonce);
  writer.key("user");
  write_user(writer, session.user);
  writer.end_object();

  const std::string token =
      auth::issue_token(**access, rules, auth::TokenUse::access, session.user.id, session.id, now);
  const std::string refresh = session.id.str() + "." + std::string(refresh_token);
  const auto rest = std::chrono::floor<std::chrono::seconds>(session.expires_at - now);
  return http::Response{
      .headers = {http::set_cookie({.name = access_name,
                                    .value = token,
                                    .lifetime = rules.access_lifetime,
                                    .on_links_from_elsewhere = true}),
                  http::set_cookie({.name = refresh_name, .value = refresh, .lifetime = rest}),
                  http::set_cookie(
                      {.name = csrf_name, .value = csrf, .lifetime = rest, .for_scripts = true})},
      .body = std::move(writer).take()};
}

void remove_cookies(http::Response& response) {
  for (const std::string_view name : {access_name, refresh_name, csrf_name}) {
    response.headers.push_back(http::set_cookie({.name = name, .value = ""}));
  }
}

}  // namespace scoreboard::api
