// SPDX-License-Identifier: Apache-2.0
#include "auth/hash_gate.hpp"

namespace scoreboard::auth {

bool HashGate::enter(std::chrono::milliseconds wait_max) {
  std::unique_lock lock(mutex_);
  if (free_ == 0) {
    if (may_wait_ == 0) return false;
    --may_wait_;
    const bool came_free = left_.wait_for(lock, wait_max, [this] { return free_ > 0; });
    ++may_wait_;
    if (!came_free) return false;
  }
  --free_;
  return true;
}

void HashGate::leave() {
  {
    const std::lock_guard lock(mutex_);
    ++free_;
  }
  left_.notify_one();
}

}  // namespace scoreboard::auth
