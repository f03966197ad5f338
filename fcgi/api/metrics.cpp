// SPDX-License-Identifier: Apache-2.0
// GET /internal/metrics: this process's metrics for Prometheus. Each process is a target of its
// own; nginx/edge/metrics.conf leads /metrics/1 to the first worker's socket and so on.
#include "api/endpoints.hpp"
#include "api/our_nginx.hpp"

namespace scoreboard::api {

Answer get_metrics(Services& services, const http::Request& request) {
  if (auto inside = from_our_nginx(request); !inside) return std::move(inside).error();
  return http::Response{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                        .body = services.metrics.text()};
}

}  // namespace scoreboard::api
