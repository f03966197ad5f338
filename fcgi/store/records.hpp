// SPDX-License-Identifier: Apache-2.0
// What goes into a store and comes out of it, besides awards (board/award.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "board/award.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard {

struct User {
  UserId id;
  Username username;
  std::string display_name;
};

struct NewUser {
  UserId id;
  Username username;
  std::string email;
  std::string display_name;
  std::string password_hash;
  RequestId request = {};  // the same one again is answered the same user
};

struct Credential {
  User user;
  std::string password_hash;
};

// Whose password is tried, and from where, as two digests that name nobody.
struct LoginAttempt {
  std::string account;  // of the user, or of the name as it was typed if nobody has it
  std::string place;    // of the same together with the network it is tried from
};

// After `failures` wrong passwords for one account there is a wait before the next one may be
// tried: one second, twice as long after each further failure, at most wait_max. Attempts during a
// wait are refused and lengthen nothing; failures are forgotten when none came for `window`.
struct LoginRules {
  int failures = 5;
  std::chrono::seconds wait_max{60};
  std::chrono::seconds window{15 * 60};
  // A place from which the right password came is judged by its own failures for this long, so
  // that nobody elsewhere can lock a player out.
  std::chrono::hours place_known{90 * 24};
};

struct NewSession {
  SessionId id;
  UserId user;
  std::string refresh_hash;  // SHA-256 of the refresh token, hex; the token itself is not stored
  Timestamp expires_at;      // no refresh prolongs a session beyond this
  std::optional<LoginAttempt> login = {};  // that succeeded with it
};

// How long a refresh token that was used may be presented again, because its answer may have been
// lost. Longer than Nginx re-sends a request whose worker died (fastcgi_next_upstream_timeout).
constexpr std::chrono::seconds refresh_grace{10};

// A refresh token's one use. Tokens are known by their SHA-256, hex.
struct RefreshUse {
  std::string presented_hash;
  std::string successor_hash;
  std::optional<SessionId> session = {};  // unless the token is this one's, it is unknown
};

struct LiveSession {
  SessionId id;
  User user;
  Timestamp expires_at;
};

enum class RefreshVerdict {
  unknown,   // no such token, its session is over, or another was named
  rotated,   // used for the first time
  repeated,  // used before within refresh_grace, and its successor is unused
  reused,    // used before otherwise: the session was ended just now
};

struct RefreshOutcome {
  RefreshVerdict verdict = RefreshVerdict::unknown;
  LiveSession session = {};         // empty when unknown; the one that was ended when reused
  std::string successor_hash = {};  // when rotated or repeated: the only one there is
};

struct EndedSession {
  SessionId id;
  UserId user;
};

// A place in a board's order, to go on from: of the standing that was seen last.
struct BoardCursor {
  Score score;
  Reached reached;
};

// What everybody may see. `version` is the journal number of the last entry that changed it, and
// because scores only rise that is the newest `reached` among the standings shown; `updated_at` is
// that entry's time. An empty board has version 0 and the time at which the database was made.
struct BoardView {
  JournalSeq version;
  Timestamp updated_at;
  std::vector<Standing> standings;
};

struct JournalHead {
  JournalSeq seq;
  Timestamp committed_at;
};

// One counted action as the feed tells it, in journal order.
struct Change {
  Reached reached;
  Timestamp accepted_at;
  UserId user;
  Score previous;
  Score current;
  Rank rank;
};

}  // namespace scoreboard
