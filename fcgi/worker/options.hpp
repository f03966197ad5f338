// SPDX-License-Identifier: Apache-2.0
// What the settings mean for each part that is made once, at start.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "board/periods.hpp"
#include "config/settings.hpp"
#include "metrics/registry.hpp"
#include "ops/spans.hpp"
#include "publish/connection_registry.hpp"
#include "publish/publisher.hpp"
#include "publish/trace_exporter.hpp"
#include "server/fcgi_server.hpp"
#include "store/commit_queue.hpp"
#include "store/open.hpp"
#include "worker/termination.hpp"

namespace scoreboard {

// A worker starts without its database; one of another schema ends it whenever it is seen.
StoreOptions store_options(const config::Settings& settings, metrics::Registry& metrics,
                           Termination& termination);

publish::ConnectionRegistry::Options connection_options(const config::Settings& settings);

// The caller adds who watches: each_second and spans.
publish::Publisher::Options publisher_options(const config::Settings& settings,
                                              metrics::Registry& metrics,
                                              const std::vector<Board>& boards,
                                              const std::shared_ptr<const Calendar>& calendar);

CommitQueue::Options queue_options(const StoreOptions& database, CommitQueue::Bounds bounds,
                                   metrics::Registry& metrics, trace::Spans& spans,
                                   publish::Publisher& publisher);

server::FcgiServer::Options server_options(const config::Settings& settings, int listener,
                                           trace::Spans& spans);

// None where no traces are wanted.
std::unique_ptr<publish::TraceExporter> make_exporter(trace::Spans& spans,
                                                      const config::Settings& settings,
                                                      const char* version);

}  // namespace scoreboard
