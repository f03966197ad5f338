// SPDX-License-Identifier: Apache-2.0
// What the connections to one database count. Errors are by class of SQLSTATE (PostgreSQL manual,
// appendix A); SQLite's codes are in the class that says the same.
#pragma once

#include <array>
#include <string>

#include "metrics/registry.hpp"
#include "store/fault.hpp"

namespace scoreboard::store {

struct DatabaseMetrics {
  DatabaseMetrics() = default;  // counts for nobody
  // `database`: "primary" or "replica". The registry outlives whoever counts.
  DatabaseMetrics(metrics::Registry& registry, const std::string& database);

  void failed(FaultClass of) const { errors[static_cast<std::size_t>(of)].add(); }

  std::array<metrics::Counter, fault_classes> errors = {};
  metrics::Counter retries = {};
  metrics::Counter none_free = {};
  metrics::Gauge breaker_open = {};
};

}  // namespace scoreboard::store
