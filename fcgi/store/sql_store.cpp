// SPDX-License-Identifier: Apache-2.0
#include "store/sql_store.hpp"

#include <thread>

#include "store/award_batch.hpp"
#include "store/identity.hpp"
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

Result<void> SqlStore::load_ranks() {
  std::unique_lock lock(loading_, std::defer_lock);
  const auto deadline = std::chrono::steady_clock::now() + loading_wait;
  while (!lock.try_lock()) {  // another thread is at it
    if (std::chrono::steady_clock::now() > deadline) return being_counted();
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  if (ranks_.loaded()) return {};
  try {
    // A connection of its own: it takes longer than a request may.
    const auto connection = database_.connect(Database::Use::inspect);
    const Transaction snapshot(*connection, Transaction::Kind::snapshot);
    ranks_.load_running(*connection);
    return {};
  } catch (const DriverFault& fault) {
    return fault.error();
  } catch (const soci::soci_error& fault) {
    return cannot_connect(fault.what());
  }
}

// Partitions are made days before anything needs them, by whoever notices first.
Result<void> SqlStore::ready_for(Timestamp now) {
  if (!ranks_.loaded()) {
    if (auto loaded = load_ranks(); !loaded) return loaded;
  }
  if (one_writer_) return {};
  const std::lock_guard lock(partitions_);
  if (now + partitions_ahead / 2 < partitions_until_) return {};
  auto made = accounts_.with([&](Connection& c) -> Result<void> {
    for (const Timestamp at : {now, now + partitions_ahead}) {
      c.query("SELECT 1 FROM (SELECT make_event_partition(:at)) AS made").use(to_micros(at)).one();
    }
    return {};
  });
  if (made) partitions_until_ = now + partitions_ahead;
  return made;
}

Result<User> SqlStore::add_user(const NewUser& user, Timestamp now) {
  return accounts().with([&](Connection& c) { return store::add_user(c, user, now); });
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
Result<T> SqlStore::exactly(Read read) {
  for (int i = 0; i < tries_max; ++i) {
    if (!ranks_.loaded()) {
      if (auto loaded = load_ranks(); !loaded) return std::move(loaded).error();
    }
    auto answer = readers_.with([&](Connection& c) -> Result<Exact<T>> { return read(c); });
    if (!answer) return std::move(answer).error();
    if (*answer) return **std::move(answer);
  }
  return being_counted();
}

Result<std::optional<Standing>> SqlStore::standing(Period period, const UserId& user) {
  return exactly<std::optional<Standing>>(
      [&](Connection& c) { return read_standing(c, ranks_, period, user); });
}

Result<std::vector<Standing>> SqlStore::around(Period period, const UserId& user, int each_side) {
  return exactly<std::vector<Standing>>(
      [&](Connection& c) { return read_around(c, ranks_, period, user, each_side); });
}

Result<std::vector<Standing>> SqlStore::page(Period period, std::optional<BoardCursor> after,
                                             int limit) {
  return exactly<std::vector<Standing>>(
      [&](Connection& c) { return read_page(c, ranks_, period, after, limit); });
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
