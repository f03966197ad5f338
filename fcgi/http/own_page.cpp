// SPDX-License-Identifier: Apache-2.0
#include "http/own_page.hpp"

namespace scoreboard::http {
namespace {

Error refused(const char* cause) {
  return {.code = ErrorCode::forbidden,
          .log = cause,
          .reason = "a session by cookie is used from this site's own pages only",
          .failure = AuthFailure::csrf};
}

// An origin is written without its scheme's usual port, and so is Host by browsers.
bool is_own(const Request& request, std::string_view origin) {
  const std::string_view host = request.header("host");
  if (request.scheme.empty() || host.empty()) return false;
  return origin == request.scheme + "://" + std::string(host);
}

}  // namespace

Result<void> from_own_page(const Request& request) {
  const std::string_view site = request.header("sec-fetch-site");
  const std::string_view origin = request.header("origin");
  if (site.empty() && origin.empty()) return refused("neither Origin nor Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin") return refused("Sec-Fetch-Site is not same-origin");
  if (!origin.empty() && !is_own(request, origin)) return refused("a foreign Origin");
  return {};
}

bool is_unsafe(const Request& request) {
  return request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
}

}  // namespace scoreboard::http
