// SPDX-License-Identifier: Apache-2.0
// How many password hashes run at once in this process. A hash keeps a core busy for 25 ms; without
// a gate a hundred logins a second would take every core from the scoring threads.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace scoreboard::auth {

// The standard library's counting semaphore would do, but its timed wait came out right only in a
// later version than ours.
class HashGate {
 public:
  explicit HashGate(int places) : free_(places) {}

  // One place, held as long as this object lives; false if none came free in time.
  class Place {
   public:
    Place(HashGate& gate, std::chrono::milliseconds wait_max)
        : gate_(gate), held_(gate.enter(wait_max)) {}
    ~Place() {
      if (held_) gate_.leave();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    explicit operator bool() const { return held_; }

   private:
    HashGate& gate_;
    const bool held_;
  };

 private:
  bool enter(std::chrono::milliseconds wait_max);
  void leave();

  std::mutex mutex_;
  std::condition_variable left_;
  int free_;
};

}  // namespace scoreboard::auth
