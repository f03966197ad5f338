// SPDX-License-Identifier: Apache-2.0
// Time is passed in. Everything that needs the wall clock takes a Clock, so that a test can set it;
// durations (waits, timeouts) use std::chrono::steady_clock directly.
#pragma once

#include <chrono>

#include "outcome/timestamp.hpp"

namespace scoreboard {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;  // thread-safe
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
  }
};

}  // namespace scoreboard
