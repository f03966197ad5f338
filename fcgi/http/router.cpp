// SPDX-License-Identifier: Apache-2.0
#include "http/router.hpp"

#include <algorithm>
#include <exception>
#include <optional>

#include "ops/log.hpp"
#include "ops/utf8.hpp"

namespace scoreboard::http {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

bool has_header(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& header) { return same_name(header.first, name); });
}

Response defect(const Route& route, const Request& request, std::string_view what) {
  log::write(log::Level::error, "handler_threw",
             {{"request_id", request.request_id}, {"path", route.path}, {"reason", what}});
  return problem({.code = ErrorCode::internal, .log = "handler threw: " + std::string(what)},
                 route.vocabulary, request);
}

Response answer(const Route& route, const Request& request) {
  if (request.body_length_wrong) {
    return problem({.code = ErrorCode::malformed,
                    .log = "declared and actual length of the body differ",
                    .field = "content-length",
                    .reason = "is not the length of the body"},
                   route.vocabulary, request);
  }
  try {
    return route.handler(request);
  } catch (const std::exception& fault) {
    return defect(route, request, fault.what());
  } catch (...) {
    return defect(route, request, "not a std::exception");
  }
}

bool fits(std::string_view route, std::string_view path) {
  if (!route.ends_with("/*")) return route == path;
  // Whatever it names, a database would be asked for it, and one of them refuses such a text.
  if (!is_utf8(path)) return false;
  const std::string_view before = route.substr(0, route.size() - 1);
  return path.starts_with(before) && path.size() > before.size() &&
         path.find('/', before.size()) == std::string_view::npos;
}

}  // namespace

void Router::add(Route route) {
  slots_.push_back(metrics_.add(route.path));
  routes_.push_back(std::move(route));
}

Response Router::dispatch(const Request& request, std::size_t& slot) const {
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::string allow;
  std::optional<Vocabulary> vocabulary;
  for (std::size_t at = 0; at < routes_.size(); ++at) {
    const Route& route = routes_[at];
    if (!fits(route.path, request.path)) continue;
    slot = slots_[at];
    if (route.method == method) return answer(route, request);
    if (!allow.empty()) allow += ", ";
    allow += route.method == "GET" ? "GET, HEAD" : route.method;
    if (!vocabulary) vocabulary = route.vocabulary;
  }
  if (!vocabulary) {
    return problem({.code = ErrorCode::not_found, .log = "no such path"}, Vocabulary::increment,
                   request);
  }
  Response refusal =
      problem({.code = ErrorCode::method_not_allowed, .log = "no such method on this path"},
              *vocabulary, request);
  refusal.headers.emplace_back("Allow", allow);
  return refusal;
}

Response Router::handle(const Request& request) const {
  const auto began = std::chrono::steady_clock::now();
  std::size_t slot = RequestMetrics::unknown;
  Response response = dispatch(request, slot);
  metrics_.answered(slot, response.status, std::chrono::steady_clock::now() - began);
  response.headers.emplace_back("X-Request-Id", request.request_id);
  if (!has_header(response, "cache-control")) {
    response.headers.emplace_back("Cache-Control", "no-store");
  }
  return response;
}

}  // namespace scoreboard::http
