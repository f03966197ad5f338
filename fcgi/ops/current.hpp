// SPDX-License-Identifier: Apache-2.0
// One immutable value that may be replaced by another while it is in use. Whoever took it keeps
// what it took, whole and unchanged, for as long as it holds the pointer.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace scoreboard {

// Thread-safe.
template <class Value>
class Current {
 public:
  explicit Current(std::shared_ptr<const Value> first) : value_(std::move(first)) {}

  std::shared_ptr<const Value> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void set(std::shared_ptr<const Value> next) {
    const std::lock_guard lock(mutex_);
    value_.swap(next);  // the old one ends with `next`, after the lock
  }

 private:
  // std::atomic<std::shared_ptr> of g++ 12 is a lock, too, and one that ThreadSanitizer cannot see.
  mutable std::mutex mutex_;
  std::shared_ptr<const Value> value_;
};

}  // namespace scoreboard
