// SPDX-License-Identifier: Apache-2.0
#include "auth/key_watch.hpp"

#include <utility>

namespace scoreboard::auth {

KeyWatch::KeyWatch(std::vector<Look> looks, std::chrono::milliseconds interval)
    : looks_(std::move(looks)), interval_(interval), thread_([this] { run(); }) {}

KeyWatch::~KeyWatch() {
  {
    const std::lock_guard lock(mutex_);
    end_ = true;
  }
  ended_.notify_one();
  thread_.join();
}

void KeyWatch::run() {
  std::unique_lock lock(mutex_);
  while (!ended_.wait_for(lock, interval_, [this] { return end_; })) {
    lock.unlock();
    for (const Look& look : looks_) look();
    lock.lock();
  }
}

}  // namespace scoreboard::auth
