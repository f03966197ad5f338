// SPDX-License-Identifier: Apache-2.0
// A table of exact paths. Unknown path: 404; known path, other method: 405 with Allow. HEAD is
// answered as GET. A handler that throws is a defect: it is logged and answered 500, in the words
// of the route, without what().
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/problem.hpp"
#include "http/request.hpp"
#include "http/request_metrics.hpp"
#include "http/response.hpp"

namespace scoreboard::http {

using Handler = std::function<Response(const Request&)>;

struct Route {
  std::string method;
  std::string path;  // a "*" as the last segment stands for any one segment of UTF-8
  Vocabulary vocabulary;
  Handler handler;
};

class Router {
 public:
  Router() = default;  // whose answers nobody counts
  // The registry outlives the router.
  explicit Router(metrics::Registry& registry) : metrics_(&registry) {}

  void add(Route route);
  // Never throws. Adds X-Request-Id and, unless the handler chose otherwise, Cache-Control:
  // no-store. Thread-safe once all routes are added.
  Response handle(const Request& request) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  Response dispatch(const Request& request, std::size_t& slot) const;

  RequestMetrics metrics_;
  std::vector<Route> routes_;
  std::vector<std::size_t> slots_;  // of each route in metrics_
};

}  // namespace scoreboard::http
