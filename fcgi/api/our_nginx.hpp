// SPDX-License-Identifier: Apache-2.0
// Paths below /internal/ are for our own Nginx configuration.
#pragma once

#include "http/request.hpp"
#include "outcome/result.hpp"

namespace scoreboard::api {

// By a header that our configuration sets, and blanks in whatever a client sends; not_found for
// everybody else.
Result<void> from_our_nginx(const http::Request& request);

}  // namespace scoreboard::api
