// SPDX-License-Identifier: Apache-2.0
// A request as part of a trace: decides whether it is recorded, and notes two spans, that of Nginx
// from the request's first byte, and the worker's below it. Nginx's ends when the worker has
// answered: what the client still waited for then is not seen.
#pragma once

#include <optional>
#include <string>

#include "http/response.hpp"
#include "ops/spans.hpp"
#include "server/cgi_params.hpp"

namespace scoreboard::server {

struct Tracing {
  trace::Spans* spans = nullptr;  // none: nothing is recorded
  int sample_permille = 0;        // of requests
  // A trace that its caller records is recorded here, too. Else neither its word nor the id that it
  // chose counts: the request's own id decides.
  bool trust_callers = false;
};

class RequestTrace {
 public:
  // Makes what the handler does a child of the worker's span.
  RequestTrace(const Tracing& tracing, CgiRequest& cgi);

  void end(const http::Request& request, const http::Response& response) const;

 private:
  trace::Spans* spans_;
  std::string caller_span_;
  std::string edge_span_;
  std::optional<Timestamp> edge_began_;
  Timestamp began_;
};

}  // namespace scoreboard::server
