// SPDX-License-Identifier: Apache-2.0
// The one error body for both contracts and RFC 9457, and the one table from our ErrorCode to a
// status and a contract's words. Nginx's own errors (nginx/snippets) repeat the same body.
//
//   {"type":"/problems#rate-limited","title":...,"status":429,"detail":...,"instance":"/api/...",
//    "success":false,"code":"RATE_LIMITED","message":...,"details":{...},
//    "error":{"code":...,"message":...},"request_id":"..."}
//
// Content-Type is application/problem+json; a client whose Accept names application/json and not
// application/problem+json gets application/json.
#pragma once

#include <string>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"
#include "outcome/error.hpp"

namespace scoreboard::http {

// Whose words a route speaks. Everything that is not contract A speaks B's, whose list is longer.
enum class Vocabulary { update, increment };

struct WireError {
  int status;
  std::string_view code;   // "RATE_LIMITED"
  std::string_view title;  // short, fixed; also the message
  std::string_view type;   // fragment of /problems
};

WireError wire_error(ErrorCode code, Vocabulary vocabulary);

// `details_json` is a JSON object of further client-visible members, or empty. error.field and
// error.reason are added to the details when present; error.retry_after becomes Retry-After.
// The log's reason is error.log, or what the client is told: never none.
// 401 carries WWW-Authenticate: Bearer (RFC 6750).
Response problem(const Error& error, Vocabulary vocabulary, const Request& request,
                 std::string_view details_json = {});

}  // namespace scoreboard::http
