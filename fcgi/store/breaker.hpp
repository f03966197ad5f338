// SPDX-License-Identifier: Apache-2.0
// A circuit breaker: once the database could not be reached, callers are refused at once instead of
// each of them waiting for its own failure, and one of them at a time tries again, each second at
// most (M. Nygard, Release It!, "Circuit Breaker"). Thread-safe.
#pragma once

#include <chrono>
#include <mutex>

#include "metrics/instruments.hpp"
#include "store/silence_watch.hpp"

namespace scoreboard::store {

class Breaker {
 public:
  Breaker() = default;
  // `shows` is 1 while it is open.
  explicit Breaker(metrics::Gauge shows) : shows_(shows) { shows_.set(0); }

  using Steady = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds probe_interval{1000};
  // Of a caller that tries and is not heard of again; connecting to one host takes two seconds.
  static constexpr std::chrono::milliseconds probe_max{4000};

  // Whether this caller may try to connect, and say then whether it succeeded or failed. True for
  // everybody while closed, for one caller at a time while open.
  bool may_try() {
    const std::lock_guard lock(mutex_);
    if (!open_) return true;
    const auto now = Steady::now();
    if (now < next_probe_) return false;
    after_probe_ = now + probe_interval;
    next_probe_ = now + probe_max;
    return true;
  }
  void succeeded() {
    const std::lock_guard lock(mutex_);
    open_ = false;
    shows_.set(0);
  }
  void failed() {
    const std::lock_guard lock(mutex_);
    if (open_) {
      next_probe_ = after_probe_;  // the interval counts from the probe's beginning
      return;
    }
    open_ = true;
    shows_.set(1);
    next_probe_ = after_probe_ = Steady::now() + probe_interval;
  }
  // A connection got no answer. Whether the server or only that call stands still, the next caller
  // may find out at once; connections that have not been heard of since prove nothing.
  void fell_silent() {
    const std::lock_guard lock(mutex_);
    silent_at_ = Steady::now();
    if (open_) return;
    open_ = true;
    shows_.set(1);
    next_probe_ = after_probe_ = silent_at_;
  }
  // Whether the connection of this socket may be used without a new look at its server.
  bool believes(const WatchedSocket& socket) const {
    const std::lock_guard lock(mutex_);
    return !socket.fell_silent() && socket.heard_at() > silent_at_;
  }
  bool is_open() const {
    const std::lock_guard lock(mutex_);
    return open_;
  }

 private:
  metrics::Gauge shows_;
  mutable std::mutex mutex_;
  bool open_ = false;
  Steady::time_point next_probe_;
  Steady::time_point after_probe_;  // when the next one may follow the last that failed
  Steady::time_point silent_at_ = Steady::time_point::min();
};

}  // namespace scoreboard::store
