// SPDX-License-Identifier: Apache-2.0
// SIGHUP: reads every source again and takes what may change while we run, all of it or, if
// anything is wrong anywhere, nothing. No request is dropped or made to wait: those that are under
// way end with the settings that they began with.
//
// The log tells `reloaded` with the names of what changed and of what needs a restart, or
// `reload_refused` with every fault.
#pragma once

#include <functional>

#include "api/services.hpp"
#include "config/load.hpp"
#include "ops/current.hpp"
#include "server/refusal_watch.hpp"
#include "store/commit_queue.hpp"
#include "worker/keys.hpp"

namespace scoreboard {

class Reload {
 public:
  using Read = std::function<config::Loaded()>;  // every source, as at start

  // Who holds something that may change. All outlive this.
  struct Holders {
    Current<api::InForce>& in_force;
    CommitQueue& queue;
    CommitQueue::Bounds bounds;  // boards and calendar stay as they were
    server::RefusalWatch& refusals;
    Keys& keys;
  };

  Reload(Read read, Holders holders) : read_(std::move(read)), holders_(std::move(holders)) {}

  // Called on main's thread only.
  void operator()();

 private:
  void take(const config::Settings& wanted);

  Read read_;
  Holders holders_;
};

// What the settings say of the queue and of refusals; everything else of `bounds` stays.
CommitQueue::Bounds queue_bounds(const config::Settings& settings, CommitQueue::Bounds bounds);
server::Refusals::Options refusal_options(const config::Settings& settings);

}  // namespace scoreboard
