// SPDX-License-Identifier: Apache-2.0
// The store on PostgreSQL or SQLite. The work is in identity.cpp, login_attempts.cpp, sessions.cpp,
// award_batch.cpp and reads.cpp as functions over a Connection, and in boards.hpp.
//
// SQLite has one writer, and everybody who writes queues for it (WAL, synchronous=FULL: a COMMIT
// that was answered survives a power cut). On PostgreSQL each committer has a connection, and
// accounts have their own, so that a login does not wait for a batch.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "store/boards.hpp"
#include "store/breaker.hpp"
#include "store/database.hpp"
#include "store/pool.hpp"
#include "store/replica.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

class SqlStore final : public Store {
 public:
  static constexpr int account_connections = 2;  // for users and sessions

  struct Options {
    int committers = 2;
    int readers = 4;
    Isolation isolation = Isolation::read_committed;  // of what writes
    std::optional<Database> replica = {};
    DatabaseMetrics metrics = {};
    DatabaseMetrics replica_metrics = {};
  };
  SqlStore(Database database, Options options);

  // Counts the running boards, before anybody asks.
  Result<void> load_ranks();
  const RankCounts& ranks() const { return boards_.ranks(); }

  Result<User> add_user(const NewUser& user, Timestamp now) override;
  Result<User> user_of_identity(const Identity& identity, Timestamp now) override;
  Result<std::optional<Credential>> find_credential(std::string_view name_or_email) override;
  Result<void> replace_password_hash(const UserId& user, const std::string& old_hash,
                                     const std::string& new_hash) override;
  Result<std::chrono::seconds> begin_login(const LoginAttempt& attempt, const LoginRules& rules,
                                           Timestamp now) override;
  Result<void> withdraw_login(const LoginAttempt& attempt, Timestamp now) override;
  Result<void> add_session(const NewSession& session, Timestamp now) override;
  Result<std::optional<LiveSession>> find_session(const SessionId& id, Timestamp now) override;
  Result<RefreshOutcome> rotate_refresh(const RefreshUse& use, Timestamp now) override;
  Result<void> end_session(const SessionId& id, Timestamp now) override;
  Result<std::vector<EndedSession>> sessions_ended_since(Timestamp since) override;
  Result<std::vector<AwardOutcome>> commit(std::span<const Award> batch, const AwardRules& rules,
                                           Timestamp now) override;
  using Store::standing;
  using Store::top;
  Result<BoardView> top(Period period, int limit) override;
  Result<std::optional<Standing>> standing(Period period, const UserId& user) override;
  Result<std::vector<Standing>> around(Period period, const UserId& user, int each_side) override;
  Result<std::vector<Standing>> page(Period period, std::optional<BoardCursor> after,
                                     int limit) override;
  BoardReader& recent() override;
  Result<std::optional<Receipt>> receipt(const UserId& user, const ActionId& action) override;
  Result<JournalHead> journal_head() override;
  Result<JournalSeq> follow() override;
  Result<std::vector<Change>> changes_after(JournalSeq seq, int limit) override;

 private:
  Result<void> ready_for(Timestamp now);
  Pool& accounts() { return one_writer_ ? committers_ : accounts_; }

  bool one_writer_;
  Breaker breaker_;
  Pool committers_;
  Pool accounts_;
  Boards boards_;
  std::unique_ptr<Replica> replica_;  // nullptr: none
  std::mutex partitions_;
  // PostgreSQL: events of this time can be added.
  Timestamp partitions_from_ = Timestamp::max();
  Timestamp partitions_until_;
};

}  // namespace scoreboard::store
