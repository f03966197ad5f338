// SPDX-License-Identifier: Apache-2.0
// What goes into a store and comes out of it, besides awards (board/award.hpp).
#pragma once

#include <cstdint>
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

// Somebody whom another issuer knows. A subject means nothing without its issuer. The rest is for
// the first sight.
struct Identity {
  std::string issuer;
  std::string subject;
  UserId newcomer;
  Username wished;     // given if it is free; empty: none
  Username otherwise;  // made up, so that it is free
};

struct Credential {
  User user;
  std::string password_hash;
};

struct NewSession {
  SessionId id;
  UserId user;
  std::string refresh_hash;  // SHA-256 of the refresh token, hex; the token itself is not stored
  Timestamp expires_at;      // no refresh prolongs a session beyond this
};

// A refresh token's one use. Tokens are known by their SHA-256, hex.
struct RefreshUse {
  std::string presented_hash;
  std::string successor_hash;
  RequestId request = {};
};

struct LiveSession {
  SessionId id;
  User user;
  Timestamp expires_at;
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
