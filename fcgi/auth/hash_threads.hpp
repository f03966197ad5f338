// SPDX-License-Identifier: Apache-2.0
// Threads on which passwords are hashed, and nothing else. A hash keeps a core busy for 25 ms; on
// threads of lower priority it takes only what scoring leaves. The request waits for its hash, but
// few may: whoever waits holds a thread that could serve something else.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace scoreboard::auth {

// Thread-safe.
class HashThreads {
 public:
  // nice(2): beside a thread of ordinary priority that wants the whole core, one of these gets a
  // tenth. Lower, and a busy board could not be logged in to.
  static constexpr int niceness = 10;

  // `waiting_max` callers wait at once for a thread; a further one is turned away without a wait.
  HashThreads(int threads, int waiting_max);
  ~HashThreads();  // nobody is waiting any more
  HashThreads(const HashThreads&) = delete;
  HashThreads& operator=(const HashThreads&) = delete;

  // Runs `work` on one of the threads and returns when it is done; throws what it threw. False, and
  // it never runs, if no thread took it up in time or too many wait already.
  bool run(const std::function<void()>& work, std::chrono::milliseconds wait_max);
  // Whether run() would turn a caller away at this moment.
  bool is_full() const;

 private:
  enum class State { waiting, running, done };
  struct Job {  // on the stack of its caller, who outlives it
    const std::function<void()>& work;
    State state = State::waiting;
    std::exception_ptr fault = {};
    std::condition_variable changed = {};
  };

  void serve();
  bool has_room() const { return idle_ > waiting_.size() || waiting_.size() - idle_ < most_; }

  mutable std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<Job*> waiting_;
  std::size_t idle_ = 0;  // threads without work
  std::size_t most_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace scoreboard::auth
