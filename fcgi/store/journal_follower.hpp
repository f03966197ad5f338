// SPDX-License-Identifier: Apache-2.0
// Keeps a process at the head of the journal, whoever writes it: another worker, another host. It
// looks every `poll`, which is one row read; LISTEN and NOTIFY would hear sooner, cost every COMMIT
// for it, and need this poll besides (docs/decisions/0007-telling-other-hosts.md).
//
// Without it a process that nobody plays on would fall behind, and its first award would read what
// it missed under the lock of journal_head, before the eyes of all hosts.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "store/store.hpp"

namespace scoreboard {

class JournalFollower {
 public:
  // `news` is called on the follower's thread with the number of the entry up to which the store
  // knows everything, each time it has risen; it must not block. The store outlives the follower.
  // Starts its thread.
  JournalFollower(Store& store, std::chrono::milliseconds poll,
                  std::function<void(JournalSeq)> news);
  ~JournalFollower();  // stops and joins
  // How long its thread has been at the present look.
  std::chrono::milliseconds still_for() const;
  JournalFollower(const JournalFollower&) = delete;
  JournalFollower& operator=(const JournalFollower&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scoreboard
