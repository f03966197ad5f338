// SPDX-License-Identifier: Apache-2.0
// The JSON object that a request carries.
#pragma once

#include "http/request.hpp"
#include "json/value.hpp"
#include "outcome/result.hpp"

namespace scoreboard::http {

// payload_too_large; unsupported_media_type unless the content type is application/json, with any
// parameters; malformed unless the body is one strict JSON object.
Result<json::Value> json_body(const Request& request);

}  // namespace scoreboard::http
