// SPDX-License-Identifier: Apache-2.0
#include "server/request_trace.hpp"

#include <algorithm>

#include "ops/clock.hpp"

namespace scoreboard::server {
namespace {

constexpr std::size_t path_bytes_max = 256;

std::vector<trace::Attribute> attributes_of(const http::Request& request,
                                            const http::Response& response) {
  std::vector<trace::Attribute> attributes{
      {"http.request.method", request.method.substr(0, 16)},
      {"url.path", request.path.substr(0, path_bytes_max)},
      {"http.response.status_code", std::int64_t{response.status}},
      {"scoreboard.request_id", request.request_id}};
  if (!response.log_code.empty()) attributes.emplace_back("error.type", response.log_code);
  return attributes;
}

}  // namespace

RequestTrace::RequestTrace(const Tracing& tracing, CgiRequest& cgi) : spans_(tracing.spans) {
  trace::Context& context = cgi.request.trace;
  const std::string& decides = tracing.trust_callers ? context.trace_id : cgi.request.request_id;
  const bool recorded_by_caller = tracing.trust_callers && context.sampled;
  context.sampled =
      spans_ != nullptr && (recorded_by_caller || trace::chosen(decides, tracing.sample_permille));
  if (!context.sampled) {
    spans_ = nullptr;
    return;
  }
  caller_span_ = context.span_id;
  edge_began_ = cgi.edge_began;
  if (edge_began_) edge_span_ = trace::new_span_id();
  context.span_id = trace::new_span_id();
  began_ = SystemClock{}.now();
}

void RequestTrace::end(const http::Request& request, const http::Response& response) const {
  if (spans_ == nullptr) return;
  const Timestamp ended = SystemClock{}.now();
  const bool failed = response.status >= 500;
  if (edge_began_) {
    spans_->add({.trace_id = request.trace.trace_id,
                 .span_id = edge_span_,
                 .parent_id = caller_span_,
                 .service = "scoreboard-edge",
                 .name = request.method.substr(0, 16),
                 .kind = trace::Kind::server,
                 .began = std::min(*edge_began_, began_),
                 .ended = ended,
                 .failed = failed,
                 .attributes = attributes_of(request, response)});
  }
  spans_->add({.trace_id = request.trace.trace_id,
               .span_id = request.trace.span_id,
               .parent_id = edge_began_ ? edge_span_ : caller_span_,
               .service = "scoreboard-worker",
               .name = request.method.substr(0, 16),
               .kind = trace::Kind::server,
               .began = began_,
               .ended = ended,
               .failed = failed,
               .attributes = attributes_of(request, response)});
}

}  // namespace scoreboard::server
