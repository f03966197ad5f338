// SPDX-License-Identifier: Apache-2.0
#include "server/hand_over.hpp"

#include <sys/socket.h>

namespace scoreboard::server {

bool HandOver::wait_for_free_server() {
  std::unique_lock lock(mutex_);
  server_free_.wait(lock, [&] { return free_ > 0 || !accepting_; });
  return accepting_;
}

void HandOver::give(Descriptor connection) {
  const std::lock_guard lock(mutex_);
  --free_;
  given_.push_back(std::move(connection));
  work_.notify_one();
}

Descriptor HandOver::take() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [&] { return !given_.empty() || closed_; });
  if (given_.empty()) return Descriptor{};
  Descriptor connection = std::move(given_.front());
  given_.pop_front();
  in_hand_.insert(connection.get());
  return connection;
}

void HandOver::served(Descriptor connection) {
  const std::lock_guard lock(mutex_);
  in_hand_.erase(connection.get());
  ++free_;
  server_free_.notify_one();
  if (given_.empty() && in_hand_.empty()) all_served_.notify_all();
  // Closed while its number is forgotten and the lock is held: drain() can never cut off a new
  // connection that was given the same number.
  const Descriptor closing = std::move(connection);
}

void HandOver::stop_accepting() {
  const std::lock_guard lock(mutex_);
  accepting_ = false;
  server_free_.notify_all();
}

void HandOver::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  work_.notify_all();
}

void HandOver::drain(std::chrono::milliseconds grace) {
  std::unique_lock lock(mutex_);
  const auto done = [&] { return given_.empty() && in_hand_.empty(); };
  if (all_served_.wait_for(lock, grace, done)) return;
  for (const int connection : in_hand_) shutdown(connection, SHUT_RD);
  all_served_.wait(lock, done);
}

}  // namespace scoreboard::server
