// SPDX-License-Identifier: Apache-2.0
// The store on PostgreSQL or SQLite. The work is in identity.cpp, sessions.cpp, award_batch.cpp,
// reads.cpp and rank_reads.cpp as functions over a Connection.
//
// SQLite has one writer, and everybody who writes queues for it (WAL, synchronous=FULL: a COMMIT
// that was answered survives a power cut). On PostgreSQL each committer has a connection, and
// accounts have their own, so that a login does not wait for a batch.
#pragma once

#include <mutex>

#include "store/breaker.hpp"
#include "store/database.hpp"
#include "store/pool.hpp"
#include "store/rank_counts.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

class SqlStore final : public Store {
 public:
  struct Options {
    int committers = 2;
    int readers = 4;
  };
  SqlStore(Database database, Options options);

  // Counts the running boards; see RankCounts. Called by whoever needs a rank and finds none, too.
  Result<void> load_ranks();
  const RankCounts& ranks() const { return ranks_; }

  Result<User> add_user(const NewUser& user, Timestamp now) override;
  Result<User> user_of_identity(const Identity& identity, Timestamp now) override;
  Result<std::optional<Credential>> find_credential(std::string_view name_or_email) override;
  Result<void> add_session(const NewSession& session, Timestamp now) override;
  Result<std::optional<LiveSession>> find_session(const SessionId& id, Timestamp now) override;
  Result<std::optional<LiveSession>> rotate_refresh(const RefreshUse& use, Timestamp now) override;
  Result<void> end_session(const SessionId& id, Timestamp now) override;
  Result<std::vector<AwardOutcome>> commit(std::span<const Award> batch, const AwardRules& rules,
                                           Timestamp now) override;
  using Store::standing;
  using Store::top;
  Result<BoardView> top(Period period, int limit) override;
  Result<std::optional<Standing>> standing(Period period, const UserId& user) override;
  Result<std::vector<Standing>> around(Period period, const UserId& user, int each_side) override;
  Result<std::vector<Standing>> page(Period period, std::optional<BoardCursor> after,
                                     int limit) override;
  Result<std::optional<Receipt>> receipt(const UserId& user, const ActionId& action) override;
  Result<JournalHead> journal_head() override;
  Result<std::vector<Change>> changes_after(JournalSeq seq, int limit) override;

 private:
  template <class Work>
  Result<void> load(Work work);
  Result<void> know(Period period);
  template <class T, class Read>
  Result<T> exactly(Period period, Read read);
  Result<void> ready_for(Timestamp now);
  Pool& accounts() { return one_writer_ ? committers_ : accounts_; }

  Database database_;
  bool one_writer_;
  Breaker breaker_;
  Pool committers_;
  Pool accounts_;
  Pool readers_;
  RankCounts ranks_;
  std::mutex loading_;
  std::mutex partitions_;
  // PostgreSQL: events of this time can be added.
  Timestamp partitions_from_ = Timestamp::max();
  Timestamp partitions_until_;
};

}  // namespace scoreboard::store
