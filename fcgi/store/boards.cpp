// SPDX-License-Identifier: Apache-2.0
#include "store/boards.hpp"

#include <thread>

#include "store/rank_loading.hpp"
#include "store/rank_reads.hpp"
#include "store/reads.hpp"

namespace scoreboard::store {
namespace {

constexpr int tries_max = 5;

Error being_counted() {
  return {.code = ErrorCode::unavailable,
          .log = "the counts for ranks are being loaded",
          .reason = "the ranks are being counted",
          .retry_after = std::chrono::seconds{1}};
}

Result<void> admitted(const Boards::Admission& admission, Connection& connection) {
  return admission ? admission(connection) : Result<void>{};
}

}  // namespace

Boards::Boards(Database database, Breaker& breaker, Options options)
    : database_(std::move(database)),
      breaker_(breaker),
      options_(options),
      readers_(
          options.readers, [this] { return database_.connect(Database::Use::serve); }, breaker,
          options.wait_max, options.metrics) {}

// One at a time, however many ask, on a connection of its own: counting takes longer than a request
// may, seconds at ten million players. `work` gets a connection inside a snapshot.
template <class Work>
Result<void> Boards::load(const Admission& admission, Work work) {
  std::unique_lock lock(loading_, std::defer_lock);
  const auto deadline = std::chrono::steady_clock::now() + options_.wait_max;
  while (!lock.try_lock()) {
    if (std::chrono::steady_clock::now() > deadline) return being_counted();
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  if (!breaker_.may_try()) return cannot_connect("it could not be reached a moment ago");
  bool reached = false;
  try {
    const auto connection = database_.connect(Database::Use::inspect);
    reached = true;
    breaker_.succeeded();
    if (auto good = admitted(admission, *connection); !good) return good;
    const Transaction snapshot(*connection, Transaction::Kind::snapshot);
    work(*connection);
    return {};
  } catch (const DriverFault& fault) {
    options_.metrics.failed(fault.fault_class());
    if (!reached) breaker_.failed();
    return fault.error();
  } catch (const soci::soci_error& fault) {
    options_.metrics.failed(FaultClass::connection);
    breaker_.failed();
    return cannot_connect(fault.what());
  }
}

Result<void> Boards::load_ranks(const Admission& admission) {
  return load(admission, [&](Connection& connection) {
    if (!ranks_.loaded()) ranks_.load_running(connection);
  });
}

Result<JournalSeq> Boards::follow(const Admission& admission) {
  bool known = false;
  auto seq = readers_.with([&](Connection& c) -> Result<JournalSeq> {
    if (auto good = admitted(admission, c); !good) return std::move(good).error();
    const auto head = read_counts_head(c);
    known = ranks_.catch_up(c, head);
    return head.seq;
  });
  if (!seq || known) return seq;
  if (auto loaded = load_ranks(admission); !loaded) return std::move(loaded).error();
  return seq;
}

// A period that is not played any more, or not yet counted here.
Result<void> Boards::know(Period period, const Admission& admission) {
  if (!ranks_.loaded()) {
    if (auto loaded = load_ranks(admission); !loaded) return loaded;
  }
  if (ranks_.knows(period)) return {};
  return load(admission, [&](Connection& connection) {
    if (ranks_.knows(period)) return;  // another thread was at it
    const auto head = read_counts_head(connection);
    // If either fails the reader asks once more.
    static_cast<void>(ranks_.catch_up(connection, head) && ranks_.load(connection, head, period));
  });
}

// Reads until the counts know the moment that was read.
template <class T, class Read>
Result<T> Boards::exactly(Period period, const Admission& admission, Read read) {
  for (int i = 0; i < tries_max; ++i) {
    if (auto known = know(period, admission); !known) return std::move(known).error();
    auto answer = readers_.with([&](Connection& c) -> Result<std::optional<T>> {
      if (auto good = admitted(admission, c); !good) return std::move(good).error();
      return read(c);
    });
    if (!answer) return std::move(answer).error();
    if (*answer) return **std::move(answer);
  }
  return being_counted();
}

Result<BoardView> Boards::top(Period period, int limit, const Admission& admission) {
  return readers_.with([&](Connection& c) -> Result<BoardView> {
    if (auto good = admitted(admission, c); !good) return std::move(good).error();
    return read_top(c, period, limit);
  });
}

Result<std::optional<Standing>> Boards::standing(Period period, const UserId& user) {
  return exactly<std::optional<Standing>>(
      period, {}, [&](Connection& c) { return read_standing(c, ranks_, period, user); });
}

Result<std::vector<Standing>> Boards::around(Period period, const UserId& user, int each_side,
                                             const Admission& admission) {
  return exactly<std::vector<Standing>>(period, admission, [&](Connection& c) {
    return read_around(c, ranks_, period, user, each_side);
  });
}

Result<std::vector<Standing>> Boards::page(Period period, std::optional<BoardCursor> after,
                                           int limit, const Admission& admission) {
  return exactly<std::vector<Standing>>(
      period, admission, [&](Connection& c) { return read_page(c, ranks_, period, after, limit); });
}

}  // namespace scoreboard::store
