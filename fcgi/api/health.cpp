// SPDX-License-Identifier: Apache-2.0
// GET /api/health/live: the process answers. GET /api/health/ready: it can do its work - the
// database answers, the keys are there, and some worker of this host publishes.
#include "api/endpoints.hpp"
#include "http/problem.hpp"
#include "json/writer.hpp"

namespace scoreboard::api {

Answer get_health_live(Services&, const http::Request&) {
  return http::Response{.body = "{\"status\":\"live\"}"};
}

Answer get_health_ready(Services& services, const http::Request& request) {
  const bool database = static_cast<bool>(services.store.journal_head());
  const bool keys = services.access_keys.current() && services.action_keys.current();
  const bool publisher = services.publisher.elected_somewhere();

  json::Writer writer;
  writer.begin_object();
  writer.key("database").string(database ? "ok" : "unavailable");
  writer.key("keys").string(keys ? "ok" : "unreadable");
  writer.key("publisher").string(publisher ? "ok" : "none elected");
  writer.end_object();
  const std::string checks = std::move(writer).take();
  if (database && keys && publisher) {
    return http::Response{.body = "{\"status\":\"ready\",\"checks\":" + checks + "}"};
  }
  return http::problem(
      {.code = ErrorCode::unavailable, .log = "not ready", .retry_after = std::chrono::seconds{1}},
      http::Vocabulary::increment, request, "{\"checks\":" + checks + "}");
}

}  // namespace scoreboard::api
