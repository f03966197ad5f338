// SPDX-License-Identifier: Apache-2.0
// Refusals that an attacker meets when guessing or forging. Whoever makes one says so in its Error;
// auth/auth_failures.hpp counts them.
#pragma once

namespace scoreboard {

enum class AuthFailure {
  bad_token,        // an access, realtime or refresh token that was shown and is not believed
  expired_token,    // ours, and its time is over: what every client meets once an hour
  bad_signature,    // of an action, with a token that was believed
  foreign_user,     // an action in somebody else's name
  wrong_password,   // or an unknown name
  throttled_login,  // a try before the wait after wrong passwords was over
  refresh_reused,   // a used refresh token came back: it was stolen, or its thief was first
  csrf,             // a session by cookie, used from a foreign page or without its CSRF token
};
inline constexpr int auth_failure_kinds = 8;

}  // namespace scoreboard
