// SPDX-License-Identifier: Apache-2.0
#include "store/commit_queue.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "ops/current.hpp"
#include "ops/log.hpp"
#include "store/award_trace.hpp"

namespace scoreboard {
namespace {

using Outcome = Result<AwardOutcome>;

using Bounds = CommitQueue::Bounds;

struct Waiting {
  Award award;
  std::promise<Outcome> promise;
  std::chrono::steady_clock::time_point deadline;
  Timestamp queued = {};
  std::uint64_t ticket = 0;
};

Error refuse(const char* log, const char* reason) {
  return {.code = ErrorCode::unavailable,
          .log = log,
          .reason = reason,
          .retry_after = std::chrono::seconds{1}};
}

}  // namespace

struct CommitQueue::Shared {
  Shared(Store& awarded, const Clock& now, Options chosen, std::function<void()> told)
      : store(awarded),
        clock(now),
        options(chosen),
        bounds(std::make_shared<const Bounds>(std::move(chosen.bounds))),
        committed(std::move(told)) {}

  Store& store;
  const Clock& clock;
  const Options options;
  Current<Bounds> bounds;
  std::function<void()> committed;

  std::mutex mutex;
  std::condition_variable arrived;
  std::deque<Waiting> waiting;
  std::uint64_t next_ticket = 0;
  bool stopping = false;
  std::vector<std::thread> committers;

  void start();
  std::vector<Waiting> take();
  bool withdraw(std::uint64_t ticket);
  Result<std::vector<AwardOutcome>> commit(const std::vector<Award>& awards,
                                           const AwardRules& rules);
  void run(std::vector<Waiting> batch);
  void record(const std::vector<Waiting>& batch, Timestamp taken, bool failed);
  void tell(const std::vector<Waiting>& batch, const std::vector<AwardOutcome>& outcomes);
  void answer(std::vector<Waiting>& batch, std::vector<AwardOutcome> outcomes);
  void commit_loop();
};

void CommitQueue::Shared::start() {
  for (int i = 0; i < options.committers; ++i) {
    committers.emplace_back([this] { commit_loop(); });
  }
}

// What waits now, as far as it goes into a batch; empty when the queue ends.
std::vector<Waiting> CommitQueue::Shared::take() {
  std::unique_lock lock(mutex);
  arrived.wait(lock, [this] { return stopping || !waiting.empty(); });
  std::vector<Waiting> batch;
  const auto now = std::chrono::steady_clock::now();
  while (!waiting.empty() && batch.size() < options.batch_max) {
    Waiting next = std::move(waiting.front());
    waiting.pop_front();
    if (next.deadline < now) {
      options.metrics.refused_late.add();
      next.promise.set_value(refuse("waited too long for a committer", "too busy"));
    } else {
      batch.push_back(std::move(next));
    }
  }
  return batch;
}

// True if it still waited; then nobody will count it.
bool CommitQueue::Shared::withdraw(std::uint64_t ticket) {
  const std::lock_guard lock(mutex);
  return std::erase_if(waiting, [&](const Waiting& one) { return one.ticket == ticket; }) == 1;
}

void CommitQueue::Shared::record(const std::vector<Waiting>& batch, Timestamp taken, bool failed) {
  const Timestamp ended = clock.now();
  for (const Waiting& one : batch) {
    if (one.award.traceparent.empty()) continue;
    add_spans(*options.spans, one.award,
              {.queued = one.queued,
               .taken = taken,
               .ended = ended,
               .batch = batch.size(),
               .failed = failed});
  }
}

void CommitQueue::Shared::tell(const std::vector<Waiting>& batch,
                               const std::vector<AwardOutcome>& outcomes) {
  for (std::size_t i = 0; i < batch.size() && options.traced; ++i) {
    const std::string& traceparent = batch[i].award.traceparent;
    if (!traceparent.empty() && outcomes[i].verdict == Verdict::awarded) {
      options.traced(traceparent);
    }
  }
  committed();
}

void CommitQueue::Shared::answer(std::vector<Waiting>& batch, std::vector<AwardOutcome> outcomes) {
  const bool counted = std::any_of(outcomes.begin(), outcomes.end(), [](const AwardOutcome& o) {
    return o.verdict == Verdict::awarded;
  });
  if (counted)
    tell(batch, outcomes);  // before anybody is answered: whoever asks next may look at the board
  for (std::size_t i = 0; i < batch.size(); ++i) {
    batch[i].promise.set_value(std::move(outcomes[i]));
  }
}

// A defect below must not take the committer, and with it every waiting caller, down.
Result<std::vector<AwardOutcome>> CommitQueue::Shared::commit(const std::vector<Award>& awards,
                                                              const AwardRules& rules) {
  const auto began = std::chrono::steady_clock::now();
  options.metrics.batch_size.observe(static_cast<double>(awards.size()));
  try {
    auto outcomes = store.commit(awards, rules, clock.now());
    options.metrics.duration.observe(std::chrono::steady_clock::now() - began);
    return outcomes;
  } catch (const std::exception& fault) {
    return refuse(fault.what(), "the outcome is unknown; ask again");
  }
}

void CommitQueue::Shared::run(std::vector<Waiting> batch) {
  std::vector<Award> awards;
  awards.reserve(batch.size());
  for (const Waiting& one : batch) awards.push_back(one.award);
  const auto now = bounds.get();
  const Timestamp taken = clock.now();
  auto outcomes = commit(awards, now->rules);
  if (options.spans) record(batch, taken, !outcomes);
  if (outcomes) {
    for (AwardOutcome& outcome : *outcomes) {
      outcome.limit = now->rules.limit;
      outcome.window = now->rules.window;
    }
    return answer(batch, *std::move(outcomes));
  }

  log::write(log::Level::error, "batch_failed",
             {{"size", static_cast<std::int64_t>(batch.size())}, {"reason", outcomes.error().log}});
  // `internal` wrote nothing; anything else may have, and only the clients may ask again.
  if (outcomes.error().code != ErrorCode::internal || batch.size() == 1) {
    for (Waiting& one : batch) one.promise.set_value(outcomes.error());
    return;
  }
  for (Waiting& one : batch) {
    std::vector<Waiting> alone;
    alone.push_back(std::move(one));
    run(std::move(alone));
  }
}

void CommitQueue::Shared::commit_loop() {
  for (;;) {
    auto batch = take();
    if (!batch.empty()) {
      run(std::move(batch));
      continue;
    }
    const std::lock_guard lock(mutex);
    if (stopping && waiting.empty()) return;
  }
}

CommitQueue::CommitQueue(Store& store, const Clock& clock, Options options,
                         std::function<void()> committed)
    : shared_(std::make_unique<Shared>(store, clock, std::move(options), std::move(committed))) {
  shared_->start();
}

CommitQueue::~CommitQueue() {
  stop();
}

Result<AwardOutcome> CommitQueue::submit(Award award) {
  std::future<Outcome> outcome;
  const auto now = shared_->bounds.get();
  const auto deadline = std::chrono::steady_clock::now() + now->wait_max;
  std::uint64_t ticket = 0;
  {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->stopping) return refuse("the queue has stopped", "shutting down");
    if (shared_->waiting.size() >= now->waiting_max) {
      shared_->options.metrics.refused_full.add();
      return refuse("the commit queue is full", "too busy");
    }
    Waiting waiting{.award = std::move(award),
                    .promise = {},
                    .deadline = deadline,
                    .queued = shared_->clock.now(),
                    .ticket = ticket = shared_->next_ticket++};
    outcome = waiting.promise.get_future();
    shared_->waiting.push_back(std::move(waiting));
  }
  shared_->arrived.notify_one();
  // Committers may be waiting for a database that is silent: whoever has not been taken by then is
  // refused all the same. Who was taken may be counted, and waits.
  if (outcome.wait_until(deadline) == std::future_status::timeout && shared_->withdraw(ticket)) {
    shared_->options.metrics.refused_late.add();
    return refuse("waited too long for a committer", "too busy");
  }
  return outcome.get();
}

void CommitQueue::change(Bounds bounds) {
  shared_->bounds.set(std::make_shared<const Bounds>(std::move(bounds)));
}

std::size_t CommitQueue::waiting() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->waiting.size();
}

std::size_t CommitQueue::waiting_max() const {
  return shared_->bounds.get()->waiting_max;
}

void CommitQueue::stop() {
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->stopping = true;
  }
  shared_->arrived.notify_all();
  for (std::thread& committer : shared_->committers) {
    if (committer.joinable()) committer.join();
  }
}

}  // namespace scoreboard
