// SPDX-License-Identifier: Apache-2.0
// How every session begins, whatever its user was believed by.
#pragma once

#include <optional>

#include "api/browser_session.hpp"
#include "api/services.hpp"
#include "http/response.hpp"
#include "outcome/result.hpp"
#include "store/store.hpp"

namespace scoreboard::api {

// unavailable while a key file has never been readable: asked before anything is done for a caller
// who could not be answered.
Result<void> check_keys(const Services& services);

struct SessionWish {
  SessionForm form = SessionForm::bearer;
  std::optional<LoginAttempt> login = {};  // that succeeded with it
};

// Stores a new session of the user and answers it, as session_answer.hpp or browser_session.hpp
// says.
Result<http::Response> new_session(const Services& services, const User& user,
                                   const SessionWish& wish, Timestamp now);

}  // namespace scoreboard::api
