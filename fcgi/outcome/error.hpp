// SPDX-License-Identifier: Apache-2.0
// Every way in which this program refuses, as one enum. http/problem.cpp holds the one table that
// turns it into a status and the words of a contract; its switch has no default.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "outcome/auth_failure.hpp"

namespace scoreboard {

enum class ErrorCode {
  malformed,               // the request cannot be understood, or a field breaks its grammar
  payload_too_large,       // body above the limit
  unsupported_media_type,  // body is not application/json
  not_found,
  method_not_allowed,
  unauthenticated,       // no token, or one that is not believed
  forbidden,             // believed, but not allowed (somebody else's score)
  bad_signature,         // the action's signature does not match
  stale_timestamp,       // outside the window around now
  stale_action_id,       // an id that carries a time (UUIDv7, ULID) outside the window
  duplicate_action,      // contract A: this action was counted before
  idempotency_conflict,  // contract B: this id was used with another payload
  already_exists,        // a taken user name or mail address
  rate_limited,          // more than the allowance; retry_after says when to come back
  unavailable,           // queue full, database away, keys missing; retry_after says when
  internal,              // a defect, or a fault nobody foresaw
};

// An error has two readers. `log` is for the operator and may name causes; `field` and `reason`
// are for the client, constant text without anything the client must not learn. `failure` and
// `user` are for whoever counts attacks; `user` is an id out of a token that was verified, never a
// claim.
// The analyzer does not see into the std::variant that every refusal is taken from.
// NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign)
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string log;
  std::string field = {};
  std::string reason = {};
  std::optional<std::chrono::seconds> retry_after = {};
  std::optional<AuthFailure> failure = {};
  std::string user = {};
};

}  // namespace scoreboard
