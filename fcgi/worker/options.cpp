// SPDX-License-Identifier: Apache-2.0
#include "worker/options.hpp"

#include <utility>

namespace scoreboard {

StoreOptions store_options(const config::Settings& settings, metrics::Registry& metrics,
                           Termination& termination) {
  return {.uri = settings.database.uri,
          .replica_uri = settings.database.replica_uri,
          .committers = settings.database.committers,
          .readers = settings.database.readers,
          .metrics = &metrics,
          .serializable = settings.database.isolation == config::Settings::Database::serializable,
          .refused_later = [&](const Error& why) { termination.end_for(why.log); }};
}

publish::ConnectionRegistry::Options connection_options(const config::Settings& settings) {
  return {.directory = settings.live.runtime_directory / "connections",
          .nchan_socket = settings.live.nchan_socket};
}

publish::Publisher::Options publisher_options(const config::Settings& settings,
                                              metrics::Registry& metrics,
                                              const std::vector<Board>& boards,
                                              const std::shared_ptr<const Calendar>& calendar) {
  return {.runtime_directory = settings.live.runtime_directory,
          .snapshot_directory = settings.live.snapshot_directory,
          .nchan_socket = settings.live.nchan_socket,
          .spacing = settings.live.spacing,
          .boards = boards,
          .calendar = calendar,
          .metrics = publish::PublishMetrics(metrics)};
}

CommitQueue::Options queue_options(const StoreOptions& database, CommitQueue::Bounds bounds,
                                   metrics::Registry& metrics, trace::Spans& spans,
                                   publish::Publisher& publisher) {
  return {.committers = useful_committers(database),
          .bounds = std::move(bounds),
          .metrics = CommitMetrics(metrics),
          .spans = &spans,
          .traced = [&publisher](const std::string& trace) { publisher.nudge(trace); }};
}

server::FcgiServer::Options server_options(const config::Settings& settings, int listener,
                                           trace::Spans& spans) {
  const bool traced = !settings.traces.endpoint.empty();
  return {.listener = listener,
          .threads = settings.server.threads,
          .body_bytes_max = settings.server.body_bytes_max,
          .tracing = {.spans = traced ? &spans : nullptr,
                      .sample_permille = settings.traces.sample_permille,
                      .trust_callers = settings.traces.trust_callers != 0}};
}

std::unique_ptr<publish::TraceExporter> make_exporter(trace::Spans& spans,
                                                      const config::Settings& settings,
                                                      const char* version) {
  if (settings.traces.endpoint.empty()) return nullptr;
  return std::make_unique<publish::TraceExporter>(
      spans,
      publish::TraceExporter::Options{.endpoint = settings.traces.endpoint, .version = version});
}

}  // namespace scoreboard
