// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "http/response.hpp"

namespace scoreboard::server {

// The response as a CGI document (RFC 3875, 6): Status, header fields, empty line, body. No field
// can smuggle in another one: control characters do not get through.
std::string cgi_document(const http::Response& response);

}  // namespace scoreboard::server
