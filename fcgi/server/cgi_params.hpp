// SPDX-License-Identifier: Apache-2.0
// From the CGI variables (RFC 3875) that Nginx sends to a Request, without a socket in sight.
//
// Nginx passes, besides the usual ones, SCOREBOARD_REQUEST_ID = $request_id: the same on each
// re-send of one request, and not to be chosen by a client; and SCOREBOARD_EDGE_TIME = "$msec
// $request_time" of the moment at which Nginx had the request whole.
#pragma once

#include <cstdint>
#include <optional>

#include "http/request.hpp"

namespace scoreboard::server {

struct CgiRequest {
  http::Request request;  // all but the body and received_at
  // 0 when CONTENT_LENGTH is absent or empty; no value when it is no number.
  std::optional<std::int64_t> body_bytes_declared = 0;
  std::optional<Timestamp> edge_began;  // when Nginx began to read the request
};

// `environment` as of environ(7): NAME=value, ended by a null pointer.
CgiRequest read_cgi_params(const char* const* environment);

}  // namespace scoreboard::server
