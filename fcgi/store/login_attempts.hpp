// SPDX-License-Identifier: Apache-2.0
// Wrong passwords, counted over one connection; contracts in store.hpp, the rules in records.hpp.
//
// A row is an account's failures from everywhere, or, once the right password came from a place,
// that place's own. Somebody who guesses from elsewhere makes the first wait and not the second:
// the idea of OWASP's device cookies, with the network in the place of the cookie.
#pragma once

#include "store/connection.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

// How long to wait; reads only, so that a flood against a waiting account writes nothing.
Result<std::chrono::seconds> login_wait(Connection& connection, const LoginAttempt& attempt,
                                        const LoginRules& rules, Timestamp now);
Result<std::chrono::seconds> begin_login(Connection& connection, const LoginAttempt& attempt,
                                         const LoginRules& rules, Timestamp now);
Result<void> withdraw_login(Connection& connection, const LoginAttempt& attempt, Timestamp now);

// Inside the transaction that begins the session.
void login_succeeded(Connection& connection, const LoginAttempt& attempt, Timestamp now);

}  // namespace scoreboard::store
