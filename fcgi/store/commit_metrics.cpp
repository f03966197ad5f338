// SPDX-License-Identifier: Apache-2.0
#include "store/commit_metrics.hpp"

namespace scoreboard {
namespace {

metrics::Counter refused(metrics::Registry& registry, const char* reason) {
  return registry.counter("scoreboard_queue_refused_total",
                          "Actions that the commit queue refused: it was full, or they had waited"
                          " too long for a committer.",
                          {{"reason", reason}});
}

}  // namespace

CommitMetrics::CommitMetrics(metrics::Registry& registry)
    : batch_size(registry.histogram("scoreboard_batch_size_actions",
                                    "Actions in a transaction that counts actions.",
                                    {1, 2, 4, 8, 16, 32, 64, 128, 256})),
      duration(registry.histogram("scoreboard_commit_duration_seconds",
                                  "Time that a transaction that counts actions took, from its"
                                  " beginning to the end of its COMMIT, in seconds.",
                                  metrics::seconds_bounds)),
      refused_full(refused(registry, "full")),
      refused_late(refused(registry, "waited")) {}

}  // namespace scoreboard
