// SPDX-License-Identifier: Apache-2.0
#include "store/sql_store.hpp"

#include "store/award_batch.hpp"
#include "store/foreign_identity.hpp"
#include "store/identity.hpp"
#include "store/login_attempts.hpp"
#include "store/reads.hpp"
#include "store/sessions.hpp"

namespace scoreboard::store {
namespace {

constexpr std::chrono::hours partitions_ahead{7 * 24};
constexpr std::chrono::milliseconds pool_wait_max{2000};

Pool::Make connecting(const Database& database, Isolation isolation) {
  return [=] { return database.connect(Database::Use::serve, isolation); };
}

}  // namespace

SqlStore::SqlStore(Database database, Options options)
    : one_writer_(&database.engine() == &sqlite_engine()),
      breaker_(options.metrics.breaker_open),
      committers_(one_writer_ ? 1 : options.committers, connecting(database, options.isolation),
                  breaker_, pool_wait_max, options.metrics),
      accounts_(account_connections, connecting(database, options.isolation), breaker_,
                pool_wait_max, options.metrics),
      boards_(std::move(database), breaker_,
              {.readers = options.readers, .wait_max = pool_wait_max, .metrics = options.metrics}) {
  if (options.replica) {
    replica_ = std::make_unique<Replica>(*std::move(options.replica), options.readers, boards_,
                                         options.replica_metrics);
  }
}

Result<void> SqlStore::load_ranks() {
  return boards_.load_ranks();
}

// Partitions are made days before anything needs them, by whoever notices first; that they cannot
// be made ahead just now refuses nobody.
Result<void> SqlStore::ready_for(Timestamp now) {
  if (!boards_.ranks().loaded()) {
    if (auto loaded = boards_.load_ranks(); !loaded) return loaded;
  }
  if (one_writer_) return {};
  const std::lock_guard lock(partitions_);
  const bool possible = now >= partitions_from_ && now < partitions_until_;
  if (possible && now + partitions_ahead / 2 < partitions_until_) return {};
  auto made = accounts_.with([&](Connection& c) -> Result<void> {
    for (const Timestamp at : {now, now + partitions_ahead}) {
      c.query("SELECT 1 FROM (SELECT make_event_partition(:at)) AS made").use(to_micros(at)).one();
    }
    return {};
  });
  if (!made) return possible ? Result<void>{} : made;
  partitions_from_ = now;
  partitions_until_ = now + partitions_ahead;
  return {};
}

Result<User> SqlStore::add_user(const NewUser& user, Timestamp now) {
  const auto add = [&] {
    return accounts().with([&](Connection& c) { return store::add_user(c, user, now); });
  };
  auto added = add();
  // Somebody came between, and a unique key stood behind what was asked. Now the answer can name
  // the field; or it was this very request, sent again while a worker that stands still was at it.
  const bool unnamed =
      !added && added.error().code == ErrorCode::already_exists && added.error().field.empty();
  return unnamed ? add() : added;
}

Result<User> SqlStore::user_of_identity(const Identity& identity, Timestamp now) {
  // Two first sights at once: a unique key lets one through, and the other finds its user. Or
  // somebody took the wished name in between, and it is given to nobody else.
  constexpr int tries_max = 5;
  for (int i = 1;; ++i) {
    auto user =
        accounts().with([&](Connection& c) { return store::user_of_identity(c, identity, now); });
    if (user || user.error().code != ErrorCode::already_exists || i == tries_max) return user;
  }
}

Result<std::optional<Credential>> SqlStore::find_credential(std::string_view name_or_email) {
  return boards_.read([&](Connection& c) { return store::find_credential(c, name_or_email); });
}

Result<void> SqlStore::replace_password_hash(const UserId& user, const std::string& old_hash,
                                             const std::string& new_hash) {
  return accounts().with(
      [&](Connection& c) { return store::replace_password_hash(c, user, old_hash, new_hash); });
}

Result<std::chrono::seconds> SqlStore::begin_login(const LoginAttempt& attempt,
                                                   const LoginRules& rules, Timestamp now) {
  auto wait = boards_.read([&](Connection& c) { return login_wait(c, attempt, rules, now); });
  if (!wait || wait->count() > 0) return wait;
  return accounts().with([&](Connection& c) { return store::begin_login(c, attempt, rules, now); });
}

Result<void> SqlStore::withdraw_login(const LoginAttempt& attempt, Timestamp now) {
  return accounts().with([&](Connection& c) { return store::withdraw_login(c, attempt, now); });
}

Result<void> SqlStore::add_session(const NewSession& session, Timestamp now) {
  return accounts().with([&](Connection& c) { return store::add_session(c, session, now); });
}

Result<std::optional<LiveSession>> SqlStore::find_session(const SessionId& id, Timestamp now) {
  return boards_.read([&](Connection& c) { return store::find_session(c, id, now); });
}

Result<RefreshOutcome> SqlStore::rotate_refresh(const RefreshUse& use, Timestamp now) {
  return accounts().with([&](Connection& c) { return store::rotate_refresh(c, use, now); });
}

Result<void> SqlStore::end_session(const SessionId& id, Timestamp now) {
  return accounts().with([&](Connection& c) { return store::end_session(c, id, now); });
}

Result<std::vector<EndedSession>> SqlStore::sessions_ended_since(Timestamp since) {
  return boards_.read([&](Connection& c) { return store::sessions_ended_since(c, since); });
}

Result<std::vector<AwardOutcome>> SqlStore::commit(std::span<const Award> batch,
                                                   const AwardRules& rules, Timestamp now) {
  if (auto ready = ready_for(now); !ready) return std::move(ready).error();
  return committers_.with(
      [&](Connection& c) { return commit_batch(c, boards_.ranks(), batch, rules, now); });
}

Result<BoardView> SqlStore::top(Period period, int limit) {
  return boards_.top(period, limit);
}

Result<std::optional<Standing>> SqlStore::standing(Period period, const UserId& user) {
  return boards_.standing(period, user);
}

Result<std::vector<Standing>> SqlStore::around(Period period, const UserId& user, int each_side) {
  return boards_.around(period, user, each_side);
}

Result<std::vector<Standing>> SqlStore::page(Period period, std::optional<BoardCursor> after,
                                             int limit) {
  return boards_.page(period, after, limit);
}

BoardReader& SqlStore::recent() {
  if (replica_) return *replica_;
  return *this;
}

Result<std::optional<Receipt>> SqlStore::receipt(const UserId& user, const ActionId& action) {
  return boards_.read([&](Connection& c) { return read_receipt(c, user, action); });
}

Result<JournalHead> SqlStore::journal_head() {
  return boards_.read([&](Connection& c) { return read_journal_head(c); });
}

Result<JournalSeq> SqlStore::follow() {
  return boards_.follow();
}

Result<std::vector<Change>> SqlStore::changes_after(JournalSeq seq, int limit) {
  return boards_.read([&](Connection& c) { return read_changes_after(c, seq, limit); });
}

}  // namespace scoreboard::store
