// SPDX-License-Identifier: Apache-2.0
#include "store/pool.hpp"

#include <random>
#include <thread>

namespace scoreboard::store {

Result<void> Pool::Lease::take() {
  std::unique_lock lock(pool.mutex_);
  const std::uint64_t ticket = pool.next_ticket_++;
  pool.waiting_.push_back(ticket);
  held = pool.freed_.wait_for(
      lock, pool.wait_max_, [&] { return !pool.free_.empty() && pool.waiting_.front() == ticket; });
  std::erase(pool.waiting_, ticket);
  // Another one may be at the front now, whose connection is free already.
  pool.freed_.notify_all();
  if (!held) {
    pool.metrics_.none_free.add();
    return Error{.code = ErrorCode::unavailable,
                 .log = "no database connection came free",
                 .reason = "the database is busy",
                 .retry_after = std::chrono::seconds{1}};
  }
  connection = std::move(pool.free_.back());
  pool.free_.pop_back();
  lock.unlock();
  const WatchedSocket* const socket = connection ? connection->watched() : nullptr;
  if (socket && !pool.breaker_.believes(*socket)) discard(connection);
  return {};
}

Result<void> Pool::Lease::connect() {
  if (connection) return {};
  if (!pool.breaker_.may_try()) return cannot_connect("it could not be reached a moment ago");
  try {
    connection = pool.make_();
    pool.breaker_.succeeded();
    return {};
  } catch (const DriverFault& fault) {
    pool.metrics_.failed(fault.fault_class());
    pool.breaker_.failed();
    return fault.error();
  } catch (const soci::soci_error& fault) {
    pool.metrics_.failed(FaultClass::connection);
    pool.breaker_.failed();
    return cannot_connect(fault.what());
  }
}

// Without taking leave of a server that may not answer.
void Pool::discard(std::unique_ptr<Connection>& connection) {
  if (connection && connection->watched()) connection->watched()->hang_up();
  connection.reset();
}

void Pool::Lease::release() {
  if (!held) return;
  {
    const std::lock_guard lock(pool.mutex_);
    // In front of those that were not made: the one in use stays in use.
    pool.free_.push_back(std::move(connection));
  }
  held = false;
  pool.freed_.notify_all();
}

void Pool::drop_idle() {
  const std::lock_guard lock(mutex_);
  for (auto& connection : free_) discard(connection);
}

// 5 to 320 ms, longer each time, and never the same for two that met (exponential backoff, jitter).
void Pool::rest(int attempt) {
  thread_local std::minstd_rand random(std::random_device{}());
  const int longest = 5 << (attempt + 1);
  std::this_thread::sleep_for(
      std::chrono::milliseconds{std::uniform_int_distribution<int>(5, longest)(random)});
}

}  // namespace scoreboard::store
