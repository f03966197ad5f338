// SPDX-License-Identifier: Apache-2.0
// How many password hashes run at once in this process. A hash keeps a core busy for 25 ms; without
// a gate a hundred logins a second would take every core from the scoring threads. Few may wait for
// a place, because whoever waits holds a thread that could serve something else.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace scoreboard::auth {

// The standard library's counting semaphore would do, but its timed wait came out right only in a
// later version than ours.
class HashGate {
 public:
  // `waiting_max` threads wait at once; a further one is turned away without a wait.
  HashGate(int places, int waiting_max) : free_(places), may_wait_(waiting_max) {}

  // One place, held as long as this object lives; false if none came free in time, or at once when
  // too many wait already.
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
  int may_wait_;  // how many more
};

}  // namespace scoreboard::auth
