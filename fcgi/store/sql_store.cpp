// SPDX-License-Identifier: Apache-2.0
#include "store/sql_store.hpp"

#include <thread>

#include "store/award_batch.hpp"
#include "store/foreign_identity.hpp"
#include "store/identity.hpp"
#include "store/rank_loading.hpp"
#include "store/rank_reads.hpp"
#include "store/reads.hpp"
#include "store/sessions.hpp"

namespace scoreboard::store {
namespace {

constexpr int tries_max = 5;
constexpr std::chrono::seconds loading_wait{2};
constexpr std::chrono::hours partitions_ahead{7 * 24};

Error being_counted() {
  return {.code = ErrorCode::unavailable,
          .log = "the counts for ranks are being loaded",
          .reason = "the ranks are being counted",
          .retry_after = std::chrono::seconds{1}};
}

Pool::Make connecting(const Database& database) {
  return [database] { return database.connect(Database::Use::serve); };
}

}  // namespace

SqlStore::SqlStore(Database database, Options options)
    : database_(std::move(database)),
      one_writer_(&database_.engine() == &sqlite_engine()),
      committers_(one_writer_ ? 1 : options.committers, connecting(database_), breaker_),
      accounts_(2, connecting(database_), breaker_),
      readers_(options.readers, connecting(database_), breaker_) {}

// One at a time, however many ask, on a connection of its own: counting takes longer than a request
// may, seconds at ten million players. `work` gets a connection inside a snapshot.
template <class Work>
Result<void> SqlStore::load(Work work) {
  std::unique_lock lock(loading_, std::defer_lock);
  const auto deadline = std::chrono::steady_clock::now() + loading_wait;
  while (!lock.try_lock()) {
    if (std::chrono::steady_clock::now() > deadline) return being_counted();
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  try {
    const auto connection = database_.connect(Database::Use::inspect);
    const Transaction snapshot(*connection, Transaction::Kind::snapshot);
    work(*connection);
    return {};
  } catch (const DriverFault& fault) {
    return fault.error();
  } catch (const soci::soci_error& fault) {
    return cannot_connect(fault.what());
  }
}

Result<void> SqlStore::load_ranks() {
  return load([&](Connection& connection) {
    if (!ranks_.loaded()) ranks_.load_running(connection);
  });
}

// A period that is not played any more, or not yet counted here.
Result<void> SqlStore::know(Period period) {
  if (!ranks_.loaded()) {
    if (auto loaded = load_ranks(); !loaded) return loaded;
  }
  if (ranks_.knows(period)) return {};
  return load([&](Connection& connection) {
    if (ranks_.knows(period)) return;  // another thread was at it
    const auto head = read_counts_head(connection);
    // If either fails the reader asks once more.
    static_cast<void>(ranks_.catch_up(connection, head) && ranks_.load(connection, head, period));
  });
}

// Partitions are made days before anything needs them, by whoever notices first; that they cannot
// be made ahead just now refuses nobody.
Result<void> SqlStore::ready_for(Timestamp now) {
  if (!ranks_.loaded()) {
    if (auto loaded = load_ranks(); !loaded) return loaded;
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
  return accounts().with([&](Connection& c) { return store::add_user(c, user, now); });
}

Result<User> SqlStore::user_of_identity(const Identity& identity, Timestamp now) {
  // Two first sights at once: a unique key lets one through, and the other finds its user. Or
  // somebody took the wished name in between, and it is given to nobody else.
  for (int i = 0;; ++i) {
    auto user =
        accounts().with([&](Connection& c) { return store::user_of_identity(c, identity, now); });
    if (user || user.error().code != ErrorCode::already_exists || i == tries_max) return user;
  }
}

Result<std::optional<Credential>> SqlStore::find_credential(std::string_view name_or_email) {
  return readers_.with([&](Connection& c) { return store::find_credential(c, name_or_email); });
}

Result<void> SqlStore::add_session(const NewSession& session, Timestamp now) {
  return accounts().with([&](Connection& c) { return store::add_session(c, session, now); });
}

Result<std::optional<LiveSession>> SqlStore::find_session(const SessionId& id, Timestamp now) {
  return readers_.with([&](Connection& c) { return store::find_session(c, id, now); });
}

Result<std::optional<LiveSession>> SqlStore::rotate_refresh(const RefreshUse& use, Timestamp now) {
  return accounts().with([&](Connection& c) { return store::rotate_refresh(c, use, now); });
}

Result<void> SqlStore::end_session(const SessionId& id, Timestamp now) {
  return accounts().with([&](Connection& c) { return store::end_session(c, id, now); });
}

Result<std::vector<AwardOutcome>> SqlStore::commit(std::span<const Award> batch,
                                                   const AwardRules& rules, Timestamp now) {
  if (auto ready = ready_for(now); !ready) return std::move(ready).error();
  return committers_.with(
      [&](Connection& c) { return commit_batch(c, ranks_, batch, rules, now); });
}

Result<BoardView> SqlStore::top(Period period, int limit) {
  return readers_.with([&](Connection& c) { return read_top(c, period, limit); });
}

// Reads until the counts know the moment that was read.
template <class T, class Read>
Result<T> SqlStore::exactly(Period period, Read read) {
  for (int i = 0; i < tries_max; ++i) {
    if (auto known = know(period); !known) return std::move(known).error();
    auto answer = readers_.with([&](Connection& c) -> Result<Exact<T>> { return read(c); });
    if (!answer) return std::move(answer).error();
    if (*answer) return **std::move(answer);
  }
  return being_counted();
}

Result<std::optional<Standing>> SqlStore::standing(Period period, const UserId& user) {
  return exactly<std::optional<Standing>>(
      period, [&](Connection& c) { return read_standing(c, ranks_, period, user); });
}

Result<std::vector<Standing>> SqlStore::around(Period period, const UserId& user, int each_side) {
  return exactly<std::vector<Standing>>(
      period, [&](Connection& c) { return read_around(c, ranks_, period, user, each_side); });
}

Result<std::vector<Standing>> SqlStore::page(Period period, std::optional<BoardCursor> after,
                                             int limit) {
  return exactly<std::vector<Standing>>(
      period, [&](Connection& c) { return read_page(c, ranks_, period, after, limit); });
}

Result<std::optional<Receipt>> SqlStore::receipt(const UserId& user, const ActionId& action) {
  return readers_.with([&](Connection& c) { return read_receipt(c, user, action); });
}

Result<JournalHead> SqlStore::journal_head() {
  return readers_.with([&](Connection& c) { return read_journal_head(c); });
}

Result<std::vector<Change>> SqlStore::changes_after(JournalSeq seq, int limit) {
  return readers_.with([&](Connection& c) { return read_changes_after(c, seq, limit); });
}

}  // namespace scoreboard::store
