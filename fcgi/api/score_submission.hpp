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
#include "http/request.hpp"
#include "outcome/result.hpp"

namespace scoreboard::api {

// Whoever signed, the signature is tried with the secrets of each master key in force, newest
// first: a session keeps the key it was given until its next refresh. bad_signature if none fits.
Result<void> check_with_session_secrets(
    const Services& services, const SessionId& session,
    const std::function<Result<void>(const auth::SessionSecrets&)>& check);

Provenance provenance_of(const http::Request& request);

// awarded, replayed and duplicate come back as outcomes; conflict, rate_limited and session_ended
// as errors.
Result<AwardOutcome> submit(Services& services, Award award);

}  // namespace scoreboard::api
