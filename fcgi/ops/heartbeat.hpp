// SPDX-License-Identifier: Apache-2.0
// How long ago a thread was last seen to move. The thread beats at each turn of its loop; somebody
// else asks. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>

namespace scoreboard {

class Heartbeat {
 public:
  void beat() { last_ = std::chrono::steady_clock::now(); }
  std::chrono::milliseconds silent_for() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 last_.load());
  }

 private:
  std::atomic<std::chrono::steady_clock::time_point> last_{std::chrono::steady_clock::now()};
};

}  // namespace scoreboard
