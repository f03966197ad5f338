// SPDX-License-Identifier: Apache-2.0
// The store: everything that must survive. One interface, several engines, one contract suite
// (tests/store) that each of them passes, the in-memory reference among them.
//
// Thread-safe: any thread may call any function at any time. Every function may answer
// `unavailable` (the database is away, locked for too long or full) or `internal` (it refused a
// statement) besides what its comment says. After `internal` nothing was written. After
// `unavailable` from a writing function the caller does not know whether it took place, and may
// safely ask again: users and sessions are told apart by their ids, awards by their action ids.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "board/award.hpp"
#include "outcome/result.hpp"
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

struct LiveSession {
  SessionId id;
  User user;
  Timestamp expires_at;
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

class Store {
 public:
  virtual ~Store() = default;

  // already_exists, with field "username" or "email"; both are unique without regard to case.
  virtual Result<User> add_user(const NewUser& user, Timestamp now) = 0;
  // By user name or mail address, without regard to case.
  virtual Result<std::optional<Credential>> find_credential(std::string_view name_or_email) = 0;

  virtual Result<void> add_session(const NewSession& session, Timestamp now) = 0;
  // Empty when the session is unknown, ended or expired.
  virtual Result<std::optional<LiveSession>> find_session(const SessionId& id, Timestamp now) = 0;
  // One use: swaps the hash of the presented refresh token for that of its successor. Empty when
  // the token is unknown, its session over, or it was used before, and then its session is ended
  // too, because either the user or a thief holds the other copy (RFC 9700, 4.14.2).
  virtual Result<std::optional<LiveSession>> rotate_refresh(std::string_view presented_hash,
                                                            std::string_view successor_hash,
                                                            Timestamp now) = 0;
  virtual Result<void> end_session(const SessionId& id, Timestamp now) = 0;

  // One batch, one transaction, one journal entry if anything was awarded; answered after COMMIT.
  // One outcome per award, in order. Holds at most 256 awards, any number of them of one player.
  virtual Result<std::vector<AwardOutcome>> commit(std::span<const Award> batch,
                                                   const AwardRules& rules, Timestamp now) = 0;

  // The first `limit` standings of the all-time board.
  virtual Result<BoardView> top(int limit) = 0;
  // Empty for an unknown user; a user who has not scored yet has score 0 and stands behind all
  // who have (rank = number of players with points + 1).
  virtual Result<std::optional<Standing>> standing(const UserId& user) = 0;

  virtual Result<JournalHead> journal_head() = 0;
  // Counted actions of entries after `seq`, oldest first, whole entries only: at least one entry
  // if there is any, and no further ones beyond about `limit` changes.
  virtual Result<std::vector<Change>> changes_after(JournalSeq seq, int limit) = 0;
};

}  // namespace scoreboard
