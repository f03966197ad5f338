// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/refresh {refresh_token} -> 200 as login; {"session":"cookie"} in its place takes
// the token from its cookie (browser_session.hpp); both are refused. A refresh token is good once.
// For ten seconds it may be presented again, as long as its successor is unused, and is answered
// that same successor; otherwise one that comes back ends its session and closes its live
// connections.
#include "api/browser_session.hpp"
#include "api/caller.hpp"
#include "api/endpoints.hpp"
#include "api/session_answer.hpp"
#include "auth/session_secrets.hpp"
#include "http/body.hpp"
#include "http/fields.hpp"

namespace scoreboard::api {
namespace {

Error not_valid(std::string cause) {
  return {.code = ErrorCode::unauthenticated,
          .log = "refresh token: " + std::move(cause),
          .reason = "the refresh token is not valid; log in again",
          .failure = AuthFailure::bad_token};
}

Error reused(const LiveSession& session) {
  Error refusal = not_valid("used before; its session was ended");
  refusal.failure = AuthFailure::refresh_reused;
  refusal.user = session.user.id.str();
  return refusal;
}

struct Presented {
  std::string token;
  std::optional<SessionId> session = {};  // that its cookie names
};

Result<Presented> read_token(const Services& services, const http::Request& request,
                             const json::Value& body) {
  auto form = session_form(request, body);
  if (!form) return std::move(form).error();
  if (*form == SessionForm::bearer) {
    auto token = http::required_string(body, "refresh_token");
    if (!token) return std::move(token).error();
    return Presented{*std::move(token)};
  }
  if (body.find("refresh_token")) {
    return Error{.code = ErrorCode::malformed,
                 .log = "a refresh token beside the one of the cookie",
                 .field = "refresh_token",
                 .reason = "must not be there with a session of cookies"};
  }
  auto cookie = refresh_cookie(services, request);
  if (!cookie) return std::move(cookie).error();
  return Presented{cookie->token, cookie->session};
}

// The token that is stored as `hash`: derived by the newest master key, or by an older one if the
// token was first used before the keys changed. Empty when that key is gone.
std::string successor_of(const auth::KeySet& masters, std::string_view presented,
                         std::string_view hash) {
  for (const auth::Key& master : masters.all()) {
    std::string successor = auth::refresh_successor(master, presented);
    if (auth::refresh_token_hash(successor) == hash) return successor;
  }
  return {};
}

}  // namespace

Answer post_refresh(Services& services, const http::Request& request) {
  auto body = http::json_body(request);
  if (!body) return std::move(body).error();
  auto presented = read_token(services, request, *body);
  if (!presented) return std::move(presented).error();
  // Before the token is used up: without keys the answer could not be made.
  if (auto present = required_keys(services.access_keys); !present) {
    return std::move(present).error();
  }
  auto masters = required_keys(services.action_keys);
  if (!masters) return std::move(masters).error();

  const std::string first_choice = auth::refresh_successor((*masters)->first(), presented->token);
  auto outcome =
      services.store.rotate_refresh({.presented_hash = auth::refresh_token_hash(presented->token),
                                     .successor_hash = auth::refresh_token_hash(first_choice),
                                     .session = presented->session},
                                    request.received_at);
  if (!outcome) return std::move(outcome).error();
  switch (outcome->verdict) {
    case RefreshVerdict::unknown:
      return not_valid(presented->session
                           ? "unknown, its session is over, or its cookie names another"
                           : "unknown, or its session is over");
    case RefreshVerdict::reused:
      services.connections.close_session(outcome->session.user.id, outcome->session.id);
      return reused(outcome->session);
    case RefreshVerdict::rotated:
    case RefreshVerdict::repeated:
      break;
  }
  std::string successor = successor_of(**masters, presented->token, outcome->successor_hash);
  // Swapped by another worker with a master key that came into the file a moment ago?
  if (const auto newer = successor.empty() ? services.action_keys.newer_than(*masters) : nullptr) {
    successor = successor_of(*newer, presented->token, outcome->successor_hash);
  }
  if (successor.empty()) return not_valid("repeated after its master key was removed");
  if (presented->session) {
    return browser_session_answer(services, outcome->session, successor, request.received_at);
  }
  return session_answer(services, outcome->session.user, outcome->session.id, successor,
                        request.received_at);
}

}  // namespace scoreboard::api
