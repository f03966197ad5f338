// SPDX-License-Identifier: Apache-2.0
// Who is calling: by the bearer token of the request, or by its session cookie
// (browser_session.hpp), whatever the route.
#pragma once

#include <memory>
#include <string_view>

#include "api/services.hpp"
#include "auth/access_token.hpp"
#include "http/request.hpp"
#include "outcome/result.hpp"
#include "store/store.hpp"

namespace scoreboard::api {

// Believes the token alone: no database. Enough for an award, whose transaction looks at the
// session itself. unauthenticated, or unavailable without keys; by cookie also forbidden, unless a
// page of ours with the session's CSRF token makes whatever request may change something.
Result<auth::Caller> token_caller(const Services& services, const http::Request& request);

// Believes a token of ours for that use, in a request's header or not.
Result<auth::Caller> believed_caller(const Services& services, auth::TokenUse use,
                                     std::string_view token, Timestamp now);

// Also asks the store whether the session still stands, so a logout holds for the next request.
Result<LiveSession> session_caller(const Services& services, const http::Request& request);

// The same question for a caller whose token came another way.
Result<LiveSession> live_session(const Services& services, const auth::Caller& caller,
                                 Timestamp now);

// `refusal`, with the user who is known to have caused it.
Error caused_by(const auth::Caller& caller, Error refusal);

// `refusal` of a token that was shown: a failure of whoever sent it, unless it says which.
Error of_bad_token(Error refusal);

// The keys as they are now, or the refusal of whoever needs them.
template <class Keys>
Result<std::shared_ptr<const Keys>> required_keys(const auth::KeySource<Keys>& source) {
  if (auto keys = source.current()) return keys;
  return Error{.code = ErrorCode::unavailable,
               .log = "the key file has not been readable yet",
               .reason = "signing keys are unavailable",
               .retry_after = std::chrono::seconds{30}};
}

}  // namespace scoreboard::api
