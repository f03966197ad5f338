// SPDX-License-Identifier: Apache-2.0
// What becomes of a refusal beside its answer: failures of authentication are counted, and
// repeated ones are one log line,
//   {...,"event":"security_event","kind":"bad_signature","count":10,"window_s":60,"by":"user",
//    "address":"203.0.113.0","user":"7f3b...","request_id":"..."}
// "by" says whose failures were counted; "user" is the one of the latest failure, and
// empty unless a verified token told it.
#pragma once

#include "auth/auth_failures.hpp"
#include "http/request.hpp"
#include "outcome/error.hpp"

namespace scoreboard::api {

void note_failure(auth::AuthFailures& failures, const http::Request& request, const Error& refusal);

}  // namespace scoreboard::api
