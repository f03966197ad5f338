// SPDX-License-Identifier: Apache-2.0
#include "api/our_nginx.hpp"

namespace scoreboard::api {

Result<void> from_our_nginx(const http::Request& request) {
  if (request.header("scoreboard-internal") == "1") return {};
  return Error{.code = ErrorCode::not_found, .log = "an internal path, called from outside"};
}

}  // namespace scoreboard::api
