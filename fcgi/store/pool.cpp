// SPDX-License-Identifier: Apache-2.0
#include "store/pool.hpp"

namespace scoreboard::store {

Result<std::unique_ptr<Connection>> Pool::take() {
  std::unique_lock lock(mutex_);
  const std::uint64_t ticket = next_ticket_++;
  waiting_.push_back(ticket);
  const bool served = freed_.wait_for(lock, std::chrono::seconds{2},
                                      [&] { return !free_.empty() && waiting_.front() == ticket; });
  std::erase(waiting_, ticket);
  // Another one may be at the front now, whose connection is free already.
  freed_.notify_all();
  if (!served) {
    return Error{.code = ErrorCode::unavailable,
                 .log = "no database connection came free",
                 .reason = "the database is busy",
                 .retry_after = std::chrono::seconds{1}};
  }
  auto connection = std::move(free_.back());
  free_.pop_back();
  return connection;
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(connection));
  }
  freed_.notify_all();
}

}  // namespace scoreboard::store
