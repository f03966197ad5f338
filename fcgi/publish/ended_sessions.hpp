// SPDX-License-Identifier: Apache-2.0
// Live connections of sessions that ended somewhere else: a logout on another host, a stolen
// refresh token that came back there. Asks the database what ended since it last looked, and has
// what those sessions opened on this host closed. The host's acting publisher looks each second.
#pragma once

#include <optional>

#include "ops/clock.hpp"
#include "publish/connection_registry.hpp"
#include "store/store.hpp"

namespace scoreboard::publish {

// One thread at a time. Everything outlives it.
class EndedSessions {
 public:
  EndedSessions(Store& store, const Clock& clock, ConnectionRegistry& connections)
      : store_(store), clock_(clock), connections_(connections) {}

  // While the database is away nothing is closed; the next look that succeeds catches up.
  void look();

 private:
  Store& store_;
  const Clock& clock_;
  ConnectionRegistry& connections_;
  std::optional<Timestamp> looked_at_;
};

}  // namespace scoreboard::publish
