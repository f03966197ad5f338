// SPDX-License-Identifier: Apache-2.0
#include "auth/hash_threads.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace scoreboard::auth {
namespace {

// On Linux a thread has a priority of its own, by its thread id. Raising one's own niceness is
// always allowed; should it fail all the same, hashing goes on as before.
void lower_own_priority() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), HashThreads::niceness);
}

}  // namespace

HashThreads::HashThreads(int threads, int waiting_max)
    : idle_(static_cast<std::size_t>(threads)), most_(static_cast<std::size_t>(waiting_max)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { serve(); });
}

HashThreads::~HashThreads() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wanted_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool HashThreads::run(const std::function<void()>& work, std::chrono::milliseconds wait_max) {
  Job job{.work = work};
  std::unique_lock lock(mutex_);
  if (!has_room()) return false;
  waiting_.push_back(&job);
  wanted_.notify_one();
  const auto taken_up = [&] { return job.state != State::waiting; };
  if (!job.changed.wait_for(lock, wait_max, taken_up)) {
    std::erase(waiting_, &job);
    return false;
  }
  job.changed.wait(lock, [&] { return job.state == State::done; });
  if (job.fault) std::rethrow_exception(job.fault);
  return true;
}

bool HashThreads::is_full() const {
  const std::lock_guard lock(mutex_);
  return !has_room();
}

void HashThreads::serve() {
  lower_own_priority();
  std::unique_lock lock(mutex_);
  for (;;) {
    wanted_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Job& job = *waiting_.front();
    waiting_.pop_front();
    --idle_;
    job.state = State::running;
    job.changed.notify_one();
    lock.unlock();
    std::exception_ptr fault;
    try {
      job.work();
    } catch (...) {
      fault = std::current_exception();
    }
    lock.lock();
    ++idle_;
    job.fault = fault;
    job.state = State::done;
    job.changed.notify_one();  // under the lock: afterwards the job may be gone
  }
}

}  // namespace scoreboard::auth
