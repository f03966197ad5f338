// SPDX-License-Identifier: Apache-2.0
// What the acting publisher counts.
#pragma once

#include "metrics/registry.hpp"

namespace scoreboard::publish {

struct PublishMetrics {
  PublishMetrics() = default;  // counts for nobody
  explicit PublishMetrics(metrics::Registry& registry);

  metrics::Histogram duration = {};   // of a message to Nchan
  metrics::Histogram lag = {};        // from an entry's commit to Nchan's having the board
  metrics::Counter published = {};    // messages
  metrics::Counter unpublished = {};  // that Nchan did not take
};

}  // namespace scoreboard::publish
