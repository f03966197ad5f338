// SPDX-License-Identifier: Apache-2.0
// A circuit breaker: once the database could not be reached, callers are refused at once instead of
// each of them waiting for its own failure, and one of them tries again each second (M. Nygard,
// Release It!, "Circuit Breaker"). Thread-safe.
#pragma once

#include <chrono>
#include <mutex>

#include "metrics/instruments.hpp"

namespace scoreboard::store {

class Breaker {
 public:
  Breaker() = default;
  // `shows` is 1 while it is open.
  explicit Breaker(metrics::Gauge shows) : shows_(shows) { shows_.set(0); }

  static constexpr std::chrono::milliseconds probe_interval{1000};

  // Whether this caller may try to connect. True for everybody while closed, for one caller per
  // interval while open.
  bool may_try() {
    const std::lock_guard lock(mutex_);
    if (!open_) return true;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_probe_) return false;
    next_probe_ = now + probe_interval;
    return true;
  }
  void succeeded() {
    const std::lock_guard lock(mutex_);
    open_ = false;
    shows_.set(0);
  }
  void failed() {
    const std::lock_guard lock(mutex_);
    if (open_) return;  // the interval counts from the probe's beginning
    open_ = true;
    shows_.set(1);
    next_probe_ = std::chrono::steady_clock::now() + probe_interval;
  }
  bool is_open() const {
    const std::lock_guard lock(mutex_);
    return open_;
  }

 private:
  metrics::Gauge shows_;
  mutable std::mutex mutex_;
  bool open_ = false;
  std::chrono::steady_clock::time_point next_probe_;
};

}  // namespace scoreboard::store
