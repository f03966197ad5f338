// SPDX-License-Identifier: Apache-2.0
#include "http/body.hpp"

#include "http/media_type.hpp"

namespace scoreboard::http {

Result<json::Value> json_body(const Request& request) {
  if (request.body_too_large) {
    return Error{.code = ErrorCode::payload_too_large, .log = "body above the limit"};
  }
  // Also the first defence against forged forms: a browser sends this type across origins only
  // after asking.
  if (!is_media_type(request.header("content-type"), "application/json")) {
    return Error{.code = ErrorCode::unsupported_media_type,
                 .log = "content type is not application/json",
                 .field = "content-type",
                 .reason = "must be application/json"};
  }
  return json::parse_object(request.body);
}

}  // namespace scoreboard::http
