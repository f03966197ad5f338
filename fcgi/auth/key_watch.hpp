// SPDX-License-Identifier: Apache-2.0
// One thread that looks at key files every so often, from construction to destruction.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace scoreboard::auth {

class KeyWatch {
 public:
  using Look = std::function<void()>;  // must not throw

  // Each look is called once an `interval`, one after the other.
  KeyWatch(std::vector<Look> looks, std::chrono::milliseconds interval);
  ~KeyWatch();
  KeyWatch(const KeyWatch&) = delete;
  KeyWatch& operator=(const KeyWatch&) = delete;

 private:
  void run();

  const std::vector<Look> looks_;
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool end_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace scoreboard::auth
