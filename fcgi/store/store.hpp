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

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "board/award.hpp"
#include "outcome/result.hpp"
#include "outcome/timestamp.hpp"
#include "store/records.hpp"

namespace scoreboard {

class Store {
 public:
  virtual ~Store() = default;

  Result<BoardView> top(int limit) { return top(Period{}, limit); }
  Result<std::optional<Standing>> standing(const UserId& user) { return standing(Period{}, user); }

  // already_exists, with field "username" or "email"; both are unique without regard to case. The
  // request that made the user may ask again (Nginx re-sends when a worker dies) and gets the user.
  virtual Result<User> add_user(const NewUser& user, Timestamp now) = 0;
  // The user who is this subject of this issuer; made at first sight, without password and mail
  // address. However many ask at once, one user is made.
  virtual Result<User> user_of_identity(const Identity& identity, Timestamp now) = 0;
  // By user name or mail address, without regard to case.
  virtual Result<std::optional<Credential>> find_credential(std::string_view name_or_email) = 0;

  virtual Result<void> add_session(const NewSession& session, Timestamp now) = 0;
  // Empty when the session is unknown, ended or expired.
  virtual Result<std::optional<LiveSession>> find_session(const SessionId& id, Timestamp now) = 0;
  // One use: swaps the hash of the presented refresh token for that of its successor. Empty when
  // the token is unknown, its session over, or it was used before, and then its session is ended
  // too, because either the user or a thief holds the other copy (RFC 9700, 4.14.2). Used before by
  // the same request is not used before: nobody has seen the successor of a worker that died.
  virtual Result<std::optional<LiveSession>> rotate_refresh(const RefreshUse& use,
                                                            Timestamp now) = 0;
  virtual Result<void> end_session(const SessionId& id, Timestamp now) = 0;

  // One batch, one transaction, one journal entry if anything was awarded; answered after COMMIT.
  // One outcome per award, in order. Holds at most 256 awards, any number of them of one player.
  virtual Result<std::vector<AwardOutcome>> commit(std::span<const Award> batch,
                                                   const AwardRules& rules, Timestamp now) = 0;

  // The first `limit` standings of a board in one of its periods, running or finished.
  virtual Result<BoardView> top(Period period, int limit) = 0;
  // Empty for an unknown user; a user who has not scored yet has score 0 and stands behind all
  // who have (rank = number of players with points + 1). Exact at the moment of the answer.
  virtual Result<std::optional<Standing>> standing(Period period, const UserId& user) = 0;
  // The user and up to `each_side` players directly before and behind, in order, of one moment.
  // Empty for an unknown user; a user without points has nobody behind.
  virtual Result<std::vector<Standing>> around(Period period, const UserId& user,
                                               int each_side) = 0;
  // The first `limit` standings behind `after` (from the top without it), in order, with their
  // ranks of one moment. While scores move nobody who stays behind the cursor is left out.
  virtual Result<std::vector<Standing>> page(Period period, std::optional<BoardCursor> after,
                                             int limit) = 0;
  // The receipt of a counted action; empty if there is none (any more).
  virtual Result<std::optional<Receipt>> receipt(const UserId& user, const ActionId& action) = 0;

  virtual Result<JournalHead> journal_head() = 0;
  // Counted actions of entries after `seq`, oldest first, whole entries only: at least one entry
  // if there is any, and no further ones beyond about `limit` changes.
  virtual Result<std::vector<Change>> changes_after(JournalSeq seq, int limit) = 0;
};

}  // namespace scoreboard
