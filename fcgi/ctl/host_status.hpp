// SPDX-License-Identifier: Apache-2.0
// Everything of one host at one moment: what its workers tell of themselves, each asked on its own
// socket, past Nginx, and what the database answers.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "metrics/samples.hpp"
#include "store/database_state.hpp"

namespace scoreboard::ctl {

struct WorkerStatus {
  enum class State { up, down, stale };  // stale: a socket that nobody has listened on since
  int number = 0;
  State state = State::down;
  std::string reason = {};        // why it is not up
  metrics::Samples samples = {};  // of an earlier moment, if there was one, or its start
  metrics::Samples earlier = {};
  std::chrono::duration<double> between{0};  // those two; 0: since its start

  // How much a counter rose in a second between the two.
  double per_second(const char* name) const;
  double uptime_s() const;
  bool up() const { return state == State::up; }
};

struct DatabaseStatus {
  std::optional<DatabaseState> state;
  std::string reason = {};  // why there is none
};

struct HostStatus {
  std::vector<WorkerStatus> workers;
  DatabaseStatus database;
  std::optional<DatabaseStatus> replica;  // if one is configured
  std::string trouble = {};               // why no worker could be asked at all

  // nullptr: nobody publishes.
  const WorkerStatus* publisher() const;
  // Nothing that should be there is missing.
  bool good() const;
};

// Looks again each time it is asked; rates are those since the last look.
class HostWatch {
 public:
  explicit HostWatch(const config::Settings& settings) : settings_(settings) {}
  HostStatus look();

 private:
  struct Seen {
    metrics::Samples samples;
    std::chrono::steady_clock::time_point at;
  };
  WorkerStatus ask(int number, const std::filesystem::path& socket);

  const config::Settings& settings_;
  std::map<int, Seen> seen_;
};

}  // namespace scoreboard::ctl
