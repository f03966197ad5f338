// SPDX-License-Identifier: Apache-2.0
// What Prometheus's client libraries tell of every process, under the names that they all use:
// process_cpu_seconds_total, process_resident_memory_bytes, process_open_fds and so on.
#pragma once

#include "metrics/registry.hpp"

namespace scoreboard::metrics {

// Read before each scrape. What /proc does not tell stays 0.
void add_process_metrics(Registry& registry);

}  // namespace scoreboard::metrics
