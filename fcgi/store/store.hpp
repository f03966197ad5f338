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
#include "store/board_reader.hpp"
#include "store/issuer_identity.hpp"
#include "store/records.hpp"

namespace scoreboard {

class Store : public BoardReader {
 public:
  using BoardReader::top;
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
  // Does nothing when the stored hash is not `old_hash` any more.
  virtual Result<void> replace_password_hash(const UserId& user, const std::string& old_hash,
                                             const std::string& new_hash) = 0;

  // Before a password is looked at. Zero: it may be, and counts as a failure until add_session or
  // withdraw_login says otherwise, so that guesses sent at once count too. Else: how long to wait.
  virtual Result<std::chrono::seconds> begin_login(const LoginAttempt& attempt,
                                                   const LoginRules& rules, Timestamp now) = 0;
  // The password was not looked at after all, or was right and the session could not be kept.
  virtual Result<void> withdraw_login(const LoginAttempt& attempt, Timestamp now) = 0;

  virtual Result<void> add_session(const NewSession& session, Timestamp now) = 0;
  // Empty when the session is unknown, ended or expired.
  virtual Result<std::optional<LiveSession>> find_session(const SessionId& id, Timestamp now) = 0;
  // One use: swaps the hash of the presented refresh token for that of its successor. A token that
  // was used before ends its session, because either the user or a thief holds the other copy
  // (RFC 9700, 4.14.2). One exception, for an answer that was lost: within refresh_grace, and while
  // its successor is unused, the outcome names that successor again; there is never a second one.
  virtual Result<RefreshOutcome> rotate_refresh(const RefreshUse& use, Timestamp now) = 0;
  virtual Result<void> end_session(const SessionId& id, Timestamp now) = 0;
  // Sessions that were ended (not those that expired) after this moment: the newest 10,000.
  virtual Result<std::vector<EndedSession>> sessions_ended_since(Timestamp since) = 0;

  // One batch, one transaction, one journal entry if anything was awarded; answered after COMMIT.
  // One outcome per award, in order. Holds at most 256 awards, any number of them of one player.
  virtual Result<std::vector<AwardOutcome>> commit(std::span<const Award> batch,
                                                   const AwardRules& rules, Timestamp now) = 0;

  // Empty for an unknown user; a user who has not scored yet has score 0 and stands behind all
  // who have (rank = number of players with points + 1). Exact at the moment of the answer.
  virtual Result<std::optional<Standing>> standing(Period period, const UserId& user) = 0;
  // Boards for whoever can do with what was true a moment ago: from a replica if there is one, at
  // most two seconds old (replica.hpp says when it may be more). Belongs to this store.
  virtual BoardReader& recent() { return *this; }
  // The receipt of a counted action; empty if there is none (any more).
  virtual Result<std::optional<Receipt>> receipt(const UserId& user, const ActionId& action) = 0;

  virtual Result<JournalHead> journal_head() = 0;
  // Takes in whatever the journal holds that this process does not know yet, and says up to which
  // entry it knows everything now. Whoever needs an exact rank does the same; done all the time
  // (journal_follower.hpp), nobody has to wait for hours of other processes' entries.
  virtual Result<JournalSeq> follow() = 0;
  // Counted actions of entries after `seq`, oldest first, whole entries only: at least one entry
  // if there is any, and no further ones beyond about `limit` changes.
  virtual Result<std::vector<Change>> changes_after(JournalSeq seq, int limit) = 0;
};

}  // namespace scoreboard
