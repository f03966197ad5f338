// SPDX-License-Identifier: Apache-2.0
// What both contracts do once a caller and a signature are believed: into the commit queue, and
// the refusals of the outcome in words.
#pragma once

#include <functional>
#include <string_view>

#include "api/services.hpp"
#include "auth/access_token.hpp"
#include "auth/session_secrets.hpp"
#include "board/award.hpp"
#include "http/problem.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "outcome/result.hpp"

namespace scoreboard::api {

// Whoever signed, the signature is tried with the secrets of each master key in force, newest
// first: a session keeps the key it was given until its next refresh. bad_signature if none fits.
Result<void> check_with_session_secrets(
    const Services& services, const SessionId& session,
    const std::function<Result<void>(const auth::SessionSecrets&)>& check);

Provenance provenance_of(const http::Request& request);

// The request's traceparent, if its trace is recorded.
std::string recorded_trace(const http::Request& request);

// awarded, replayed, duplicate and rate_limited come back as outcomes; conflict and session_ended
// as errors.
Result<AwardOutcome> submit(Services& services, Award award);

// 429 for a rate_limited outcome.
http::Response too_many(const AwardOutcome& outcome, http::Vocabulary vocabulary,
                        const http::Request& request);

// RateLimit-Policy and, where the outcome tells it, RateLimit
// (draft-ietf-httpapi-ratelimit-headers):
//   RateLimit-Policy: "user";q=10;w=60
//   RateLimit: "user";r=3;t=17      3 more count now, and one more than that in at most 17 s
void add_rate_limit(http::Response& response, const AwardOutcome& outcome);

}  // namespace scoreboard::api
