// SPDX-License-Identifier: Apache-2.0
#include "store/journal_follower.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>

#include "ops/heartbeat.hpp"
#include "ops/log.hpp"

namespace scoreboard {

struct JournalFollower::State {
  State(Store& followed, std::chrono::milliseconds interval, std::function<void(JournalSeq)> told)
      : store(followed), poll(interval), news(std::move(told)) {}

  Store& store;
  std::chrono::milliseconds poll;
  std::function<void(JournalSeq)> news;

  std::mutex mutex;
  std::condition_variable stopped;
  bool stopping = false;
  std::thread thread;
  Heartbeat looking;

  // Belong to the thread.
  JournalSeq known;
  bool reachable = true;

  Result<JournalSeq> follow() {
    try {
      return store.follow();
    } catch (const std::exception& fault) {
      return Error{.code = ErrorCode::internal, .log = fault.what()};
    }
  }

  // A state is told when it changes, not at every try.
  void note(const Result<JournalSeq>& seq) {
    if (reachable == static_cast<bool>(seq)) return;
    reachable = !reachable;
    if (reachable) {
      log::write(log::Level::info, "follower_recovered");
    } else {
      log::write(log::Level::error, "follower_hindered", {{"reason", seq.error().log}});
    }
  }

  void run() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      lock.unlock();
      looking.beat();
      const auto seq = follow();
      note(seq);
      if (seq && *seq > known) {
        known = *seq;
        news(known);
      }
      lock.lock();
      stopped.wait_for(lock, poll, [this] { return stopping; });
    }
  }
};

JournalFollower::JournalFollower(Store& store, std::chrono::milliseconds poll,
                                 std::function<void(JournalSeq)> news)
    : state_(std::make_unique<State>(store, poll, std::move(news))) {
  state_->thread = std::thread([this] { state_->run(); });
}

std::chrono::milliseconds JournalFollower::still_for() const {
  return state_->looking.silent_for();
}

JournalFollower::~JournalFollower() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->stopped.notify_all();
  state_->thread.join();
}

}  // namespace scoreboard
