// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "api/endpoints.hpp"
#include "api/security_event.hpp"
#include "http/problem.hpp"

namespace scoreboard::api {
namespace {

using http::Vocabulary;

using Endpoint = Answer (*)(Services&, const http::Request&);

struct Entry {
  const char* method;
  const char* path;
  Vocabulary vocabulary;
  Endpoint endpoint;
};

constexpr Entry entries[] = {
    {"POST", "/api/auth/register", Vocabulary::increment, post_register},
    {"POST", "/api/auth/login", Vocabulary::increment, post_login},
    {"POST", "/api/auth/refresh", Vocabulary::increment, post_refresh},
    {"POST", "/api/auth/logout", Vocabulary::increment, post_logout},
    {"POST", "/api/auth/exchange", Vocabulary::increment, post_exchange},
    {"POST", "/api/scores/update", Vocabulary::update, post_score_update},
    {"GET", "/api/leaderboard", Vocabulary::update, get_leaderboard},
    {"POST", "/api/scores/increment", Vocabulary::increment, post_score_increment},
    {"GET", "/api/leaderboard/top", Vocabulary::increment, get_leaderboard_top},
    {"GET", "/api/leaderboard/around/*", Vocabulary::increment, get_leaderboard_around},
    {"GET", "/api/leaderboard/page", Vocabulary::increment, get_leaderboard_page},
    {"GET", "/api/scores/me", Vocabulary::increment, get_score_me},
    {"GET", "/api/scores/receipts/*", Vocabulary::increment, get_score_receipt},
    {"GET", "/api/realtime/token", Vocabulary::increment, get_realtime_token},
    {"GET", "/api/health/live", Vocabulary::increment, get_health_live},
    {"GET", "/api/health/ready", Vocabulary::increment, get_health_ready},
    // Between the two Nginx instances and the worker; the edge lets no client in here.
    {"GET", "/internal/live/connect", Vocabulary::increment, get_live_connect},
    {"GET", "/internal/live/subscribed", Vocabulary::increment, get_live_subscribed},
    {"GET", "/internal/live/unsubscribed", Vocabulary::increment, get_live_unsubscribed},
    {"GET", "/internal/metrics", Vocabulary::increment, get_metrics},
};

bool takes_actions(const Entry& entry) {
  return entry.endpoint == post_score_update || entry.endpoint == post_score_increment;
}

}  // namespace

http::Router make_router(const Parts& parts, const Current<InForce>& in_force) {
  http::Router router(parts.metrics);
  for (const Entry& entry : entries) {
    router.add({entry.method, entry.path, entry.vocabulary,
                [parts, &in_force, entry](const http::Request& request) {
                  const auto now = in_force.get();  // until the answer is made
                  Services services(parts, *now);
                  Answer answer = entry.endpoint(services, request);
                  if (answer) return *std::move(answer);
                  if (takes_actions(entry)) services.score_metrics.refused(answer.error());
                  note_failure(services.failures, request, answer.error());
                  return http::problem(answer.error(), entry.vocabulary, request);
                }});
  }
  return router;
}

}  // namespace scoreboard::api
