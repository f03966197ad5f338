// SPDX-License-Identifier: Apache-2.0
// All metrics of one process, and their text for Prometheus (exposition format 0.0.4). Names,
// labels and buckets are promises to whoever has dashboards and alerts: docs/monitoring/ holds
// ours.
//
// A label never names a user, an address or an action: whatever a client can choose would grow
// without bound. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "metrics/instruments.hpp"

namespace scoreboard::metrics {

using Labels = std::map<std::string, std::string>;
using Bounds = std::vector<double>;  // upper ones, rising; the one without end is added

// Of everything that takes time. 0.1, 0.5 and 1 are what a score, and whoever waits for it, is
// promised.
inline const Bounds seconds_bounds = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5};

class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // An instrument of a name that exists, with other labels, is one more of it; `help` must be the
  // same. The same name with the same labels is the same instrument. Throws std::invalid_argument
  // for what Prometheus does not take as a name.
  Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram histogram(const std::string& name, const std::string& help, const Bounds& bounds,
                      const Labels& labels = {});

  // Called before each scrape, one scrape at a time: for what is read rather than counted.
  void before_scrape(std::function<void()> read);
  std::string text();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scoreboard::metrics
