// SPDX-License-Identifier: Apache-2.0
// A few connections shared by many threads. A connection belongs to a pool, not to a thread: 64
// request threads need only as many as the database can use at once. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "outcome/result.hpp"
#include "store/breaker.hpp"
#include "store/connection.hpp"
#include "store/database_metrics.hpp"
#include "store/fault.hpp"

namespace scoreboard::store {

class Pool {
 public:
  using Make = std::function<std::unique_ptr<Connection>()>;  // may throw

  // The breaker may be shared with other pools on the same database, and outlives this one. Nobody
  // waits longer than `wait_max` for a connection to come free.
  Pool(int size, Make make, Breaker& breaker,
       std::chrono::milliseconds wait_max = std::chrono::milliseconds{2000},
       const DatabaseMetrics& metrics = {})
      : make_(std::move(make)),
        breaker_(breaker),
        wait_max_(wait_max),
        metrics_(metrics),
        free_(static_cast<std::size_t>(size)) {}

  // Calls `work(connection)`, which returns a Result. A fault becomes an error, and one of the
  // connection throws it away; a connection that does not come free in time is `unavailable`.
  // `work` is called again if its first statement found a connection dead that had been lying here,
  // and up to six times more if the database took it back for the sake of another transaction;
  // never after a silence, which has cost its caller enough.
  template <class Work>
  auto with(Work work) -> decltype(work(std::declval<Connection&>())) {
    for (int attempt = 0;; ++attempt) {
      Lease lease(*this);
      if (auto taken = lease.take(); !taken) return std::move(taken).error();
      bool was_lying = lease.connection != nullptr;
      if (auto made = lease.connect(); !made) return std::move(made).error();
      const std::uint64_t before = lease.connection->succeeded();
      try {
        return work(*lease.connection);
      } catch (const DriverFault& fault) {
        if (fault.error().code != ErrorCode::already_exists) metrics_.failed(fault.fault_class());
        if (lease.connection->watched() && lease.connection->watched()->fell_silent()) {
          breaker_.fell_silent();
          discard(lease.connection);
          return fault.error();
        }
        was_lying = was_lying && lease.connection->succeeded() == before;
        if (fault.kind() != FaultKind::statement) discard(lease.connection);
        if (fault.kind() == FaultKind::connection && was_lying) {
          lease.release();
          drop_idle();  // whatever killed this one has killed them
          metrics_.retries.add();
          continue;
        }
        if (fault.kind() != FaultKind::transient || attempt >= repeats_max) return fault.error();
      } catch (...) {
        discard(lease.connection);  // in a state that nobody knows
        throw;
      }
      lease.release();
      metrics_.retries.add();
      rest(attempt);
    }
  }

 private:
  static constexpr int repeats_max = 6;

  // One of the pool's slots, given back whatever happens.
  struct Lease {
    explicit Lease(Pool& of) : pool(of) {}
    ~Lease() { release(); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Result<void> take();
    Result<void> connect();
    void release();

    Pool& pool;
    bool held = false;
    std::unique_ptr<Connection> connection;
  };

  static void discard(std::unique_ptr<Connection>& connection);
  void drop_idle();
  static void rest(int attempt);

  Make make_;
  Breaker& breaker_;
  std::chrono::milliseconds wait_max_;
  const DatabaseMetrics metrics_;
  std::mutex mutex_;
  std::condition_variable freed_;
  // Who waits, longest first: a committer that comes back at once must not overtake a login.
  std::deque<std::uint64_t> waiting_;
  std::uint64_t next_ticket_ = 0;
  std::vector<std::unique_ptr<Connection>> free_;  // nullptr: allowed, but not made yet
};

}  // namespace scoreboard::store
