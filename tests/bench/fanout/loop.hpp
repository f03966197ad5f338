// SPDX-License-Identifier: Apache-2.0
// One thread, one epoll, and timers: what everything in fanout-bench waits on.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

namespace scoreboard::bench {

using Nanos = std::int64_t;  // of CLOCK_MONOTONIC, which Python's time.monotonic() reads too

constexpr Nanos nanos_of_ms = 1'000'000;
constexpr Nanos nanos_of_s = 1'000'000'000;

Nanos now();

// Whoever has a descriptor in the loop. Outlives its events; may be called for a descriptor that it
// has closed since, so it reads without blocking and believes what it reads.
class Ready {
 public:
  Ready() = default;
  virtual ~Ready() = default;
  Ready(const Ready&) = delete;
  Ready& operator=(const Ready&) = delete;

  virtual void ready(std::uint32_t events) = 0;
};

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Closing the descriptor takes it out.
  void watch(int descriptor, Ready& who, std::uint32_t events);
  void change(int descriptor, Ready& who, std::uint32_t events);
  void at(Nanos time, std::function<void()> what);
  // Until done() or `limit`. True if done.
  bool run(Nanos limit, const std::function<bool()>& done);

 private:
  struct Timer {
    Nanos time;
    std::uint64_t order;
    std::function<void()> what;
    bool operator<(const Timer& other) const {
      return time != other.time ? time > other.time : order > other.order;
    }
  };

  int epoll_;
  std::uint64_t order_ = 0;
  std::priority_queue<Timer> timers_;
};

}  // namespace scoreboard::bench
