// SPDX-License-Identifier: Apache-2.0
// What the commit queue counts.
#pragma once

#include "metrics/registry.hpp"

namespace scoreboard {

struct CommitMetrics {
  CommitMetrics() = default;  // counts for nobody
  explicit CommitMetrics(metrics::Registry& registry);

  metrics::Histogram batch_size = {};
  metrics::Histogram duration = {};
  metrics::Counter refused_full = {};  // at once
  metrics::Counter refused_late = {};  // after waiting
};

}  // namespace scoreboard
