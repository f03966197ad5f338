// SPDX-License-Identifier: Apache-2.0
// What others keep anyhow and a scrape only reads: the queue's length, the publisher's state, the
// failures of authentication.
#pragma once

#include "auth/auth_failures.hpp"
#include "metrics/registry.hpp"
#include "publish/publisher.hpp"
#include "store/commit_queue.hpp"

namespace scoreboard {

// Everything that is read outlives the last scrape.
void read_for_scrapes(metrics::Registry& registry, const CommitQueue& queue,
                      const publish::Publisher& publisher, const auth::AuthFailures& failures);

// The process itself, and the version of its program as a label.
void describe_process(metrics::Registry& registry, const char* version);

// Of requests that Nginx refused, and of addresses that were blocked for going on.
metrics::Counter refused_addresses(metrics::Registry& registry);
metrics::Counter blocked_addresses(metrics::Registry& registry);

// The journal's last entry that this process knows.
metrics::Gauge journal_seq(metrics::Registry& registry);

}  // namespace scoreboard
