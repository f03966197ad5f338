// SPDX-License-Identifier: Apache-2.0
#include "publish/publish_metrics.hpp"

namespace scoreboard::publish {
namespace {

metrics::Counter publishes(metrics::Registry& registry, const char* result) {
  return registry.counter("scoreboard_publishes_total",
                          "Messages for watchers that were handed to Nchan, and those that it did"
                          " not take.",
                          {{"result", result}});
}

}  // namespace

PublishMetrics::PublishMetrics(metrics::Registry& registry)
    : duration(registry.histogram("scoreboard_publish_duration_seconds",
                                  "Time until Nchan had taken a message, in seconds.",
                                  metrics::seconds_bounds)),
      lag(registry.histogram("scoreboard_commit_to_publish_seconds",
                             "Time from the commit that changed the board to the moment at which"
                             " Nchan had the new board, in seconds.",
                             metrics::seconds_bounds)),
      published(publishes(registry, "taken")),
      unpublished(publishes(registry, "failed")) {}

}  // namespace scoreboard::publish
