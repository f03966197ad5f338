// SPDX-License-Identifier: Apache-2.0
// One HTTP request as the handlers see it, whoever carried it. Names of header fields are those of
// the wire in lower case ("x-request-timestamp").
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ops/trace_context.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard::http {

struct Request {
  std::string method = {};
  std::string scheme = {};  // "http" or "https": how the client came to Nginx
  std::string path = {};    // without the query, percent-decoded by Nginx ($document_uri)
  std::string query = {};   // raw, without '?'
  std::map<std::string, std::string, std::less<>> headers = {};
  std::string body = {};
  bool body_too_large = false;  // more than the limit was sent; `body` is then empty
  // The declared length is no number, or not the length that arrived. The router refuses it.
  bool body_length_wrong = false;
  std::string remote_address = {};
  std::string request_id = {};  // Nginx's $request_id, or one of our own outside Nginx
  Timestamp received_at = {};
  trace::Context trace = {};  // the caller's trace, or a new one whose id is the request's

  // Empty when absent.
  std::string_view header(std::string_view name) const;
  // What stands for the "*" of a route: the path's last segment.
  std::string last_segment() const;
  // Value of a query parameter, percent-decoded, "+" as a space; empty when absent, the first of
  // several. A broken escape is kept as it is.
  std::string query_parameter(std::string_view name) const;
};

}  // namespace scoreboard::http
