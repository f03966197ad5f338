// SPDX-License-Identifier: Apache-2.0
// The monthly partitions of PostgreSQL's table `events`, over one connection of the tables' owner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "outcome/timestamp.hpp"
#include "store/connection.hpp"

namespace scoreboard::store {

struct EventMonth {
  enum class State {
    attached,
    leaving,   // a concurrent detach was interrupted: no new query sees it, old ones might
    detached,  // a table of its own that was a partition
  };
  std::string name;  // events_2026_02
  Timestamp end;     // all of its events were accepted before
  State state = State::attached;
};

// Oldest first. Tables that are not named as make_event_partition() names them are not ours.
std::vector<EventMonth> event_months(Connection& connection);

// When the month ends that a partition's name tells; empty for any other name.
std::optional<Timestamp> end_of_month(const std::string& name);

void make_event_month(Connection& connection, Timestamp at);

}  // namespace scoreboard::store
