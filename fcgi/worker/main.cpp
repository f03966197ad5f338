// SPDX-License-Identifier: Apache-2.0
// scoreboard-worker: the parts, wired and started. It decides nothing.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "api/services.hpp"
#include "config/calendar.hpp"
#include "config/load.hpp"
#include "ops/log.hpp"
#include "publish/ended_sessions.hpp"
#include "publish/trace_exporter.hpp"
#include "server/fcgi_server.hpp"
#include "server/refusal_watch.hpp"
#include "server/service_notices.hpp"
#include "store/journal_follower.hpp"
#include "store/open.hpp"
#include "worker/crash_for_tests.hpp"
#include "worker/keys.hpp"
#include "worker/termination.hpp"

namespace scoreboard {
namespace {

int fail(const std::string& reason) {
  log::write(log::Level::error, "start_failed", {{"reason", reason}});
  return 1;
}

void note(std::string_view event, int instance) {
  log::write(log::Level::info, event,
             {{"version", SCOREBOARD_VERSION}, {"instance", std::int64_t{instance}}});
}

StoreOptions store_options(const config::Settings& settings) {
  return {.uri = settings.database.uri,
          .replica_uri = settings.database.replica_uri,
          .committers = settings.database.committers,
          .readers = settings.database.readers,
          .serializable = settings.database.isolation == config::Settings::Database::serializable};
}

publish::Publisher::Options publisher_options(const config::Settings& settings,
                                              const std::vector<Board>& boards,
                                              const std::shared_ptr<const Calendar>& calendar,
                                              std::function<void()> each_second,
                                              trace::Spans& spans) {
  return {.runtime_directory = settings.live.runtime_directory,
          .snapshot_directory = settings.live.snapshot_directory,
          .nchan_socket = settings.live.nchan_socket,
          .spacing = settings.live.spacing,
          .boards = boards,
          .calendar = calendar,
          .each_second = std::move(each_second),
          .spans = &spans};
}

CommitQueue::Options queue_options(const config::Settings& settings, const StoreOptions& database,
                                   const std::vector<Board>& boards,
                                   const std::shared_ptr<const Calendar>& calendar,
                                   trace::Spans& spans, publish::Publisher& publisher) {
  return {.waiting_max = static_cast<std::size_t>(settings.server.queue_waiting_max),
          .wait_max = settings.server.queue_wait_max,
          .committers = useful_committers(database),
          .rules = {.limit = settings.limits.awards,
                    .window = settings.limits.awards_window,
                    .boards = boards,
                    .calendar = calendar},
          .spans = &spans,
          .traced = [&](const std::string& traceparent) { publisher.nudge(traceparent); }};
}

server::FcgiServer::Options server_options(const config::Settings& settings, int listener,
                                           trace::Spans& spans) {
  const bool traced = !settings.traces.endpoint.empty();
  return {.listener = listener,
          .threads = settings.server.threads,
          .body_bytes_max = settings.server.body_bytes_max,
          .tracing = {.spans = traced ? &spans : nullptr,
                      .sample_permille = settings.traces.sample_permille}};
}

std::unique_ptr<publish::TraceExporter> make_exporter(trace::Spans& spans,
                                                      const config::Settings& settings) {
  if (settings.traces.endpoint.empty()) return nullptr;
  return std::make_unique<publish::TraceExporter>(
      spans, publish::TraceExporter::Options{.endpoint = settings.traces.endpoint,
                                             .version = SCOREBOARD_VERSION});
}

// Whoever waits for the database gives up after seconds and moves on; counting the players of all
// boards anew is the longest that a look at the journal can take.
constexpr std::chrono::seconds serving_still_max{30};
constexpr std::chrono::minutes looking_still_max{5};

std::string what_stands_still(const server::FcgiServer& server, const JournalFollower& follower,
                              const publish::Publisher& publisher) {
  if (server.still_for() > serving_still_max) return "server";
  if (follower.still_for() > looking_still_max) return "journal follower";
  if (publisher.still_for() > looking_still_max) return "publisher";
  return {};
}

int run(const config::Settings& settings, int instance) {
  const Termination termination;  // before any thread
  const CrashForTests crash;
  const SystemClock clock;
  trace::Spans spans;
  const auto exporter = make_exporter(spans, settings);

  auto listener = server::inherited_listener();
  if (!listener) return fail(listener.error().log);
  auto calendar = config::make_calendar(settings.boards.time_zone);
  if (!calendar) return fail(calendar.error().log);
  auto boards = config::parse_boards(settings.boards.periods);
  if (!boards) return fail(boards.error().log);
  const StoreOptions database = store_options(settings);
  auto store = open_store(database);
  if (!store) return fail(store.error().log);
  publish::ConnectionRegistry connections(
      clock, {.directory = settings.live.runtime_directory / "connections",
              .nchan_socket = settings.live.nchan_socket,
              .connections_max = settings.limits.connections});
  publish::EndedSessions ended_sessions(**store, clock, connections);
  publish::Publisher publisher(
      **store, publisher_options(
                   settings, *boards, *calendar, [&] { ended_sessions.look(); }, spans));
  const JournalFollower follower(**store, settings.live.poll,
                                 [&publisher](JournalSeq) { publisher.nudge(); });
  publish::UsedTokens used_tokens(settings.live.runtime_directory / "used-tokens",
                                  settings.auth.realtime_lifetime + std::chrono::minutes{1});
  CommitQueue queue(**store, clock,
                    queue_options(settings, database, *boards, *calendar, spans, publisher), [&] {
                      crash.after_commit();
                      publisher.nudge();
                    });
  auth::Passwords passwords(
      {.cost = settings.auth.password_cost, .concurrency = settings.auth.password_concurrency});

  auth::AuthFailures failures;
  Keys keys(settings);
  api::Services services{.settings = settings,
                         .clock = clock,
                         .calendar = **calendar,
                         .boards = *boards,
                         .store = **store,
                         .queue = queue,
                         .passwords = passwords,
                         .publisher = publisher,
                         .connections = connections,
                         .used_tokens = used_tokens,
                         .failures = failures,
                         .access_keys = keys.access(),
                         .action_keys = keys.action(),
                         .issuers = keys.issuers()};
  const http::Router router = api::make_router(services);
  server::FcgiServer server(server_options(settings, *listener, spans),
                            [&](const http::Request& request) { return router.handle(request); });

  const server::RefusalWatch refusals({.runtime_directory = settings.live.runtime_directory,
                                       .refusals_max = settings.limits.refusals,
                                       .block = settings.limits.block});

  note("started", instance);
  server::ServiceNotices service_notices(
      [&] { return what_stands_still(server, follower, publisher); });
  service_notices.ready("Serving");
  termination.wait();
  service_notices.stopping();
  Termination::bound_shutdown(4);
  // Front to back: no new requests, then what they wait for, then the rest by going out of scope.
  server.stop();
  queue.stop();
  note("stopped", instance);
  return 0;
}

}  // namespace
}  // namespace scoreboard

int main(int argc, char** argv) {
  std::string config_file = "/etc/scoreboard/scoreboard.toml";
  int instance = 1;
  CLI::App app("FastCGI worker of the scoreboard. Takes its listening socket from its parent.");
  app.add_option("--config", config_file, "Configuration file")->capture_default_str();
  app.add_option("--instance", instance, "Number of this worker, for the log")
      ->capture_default_str();
  app.set_version_flag("--version", SCOREBOARD_VERSION);
  CLI11_PARSE(app, argc, argv);
  try {
    auto loaded = scoreboard::config::load(config_file, scoreboard::config::environment());
    for (const auto& fault : loaded.faults) {
      std::fprintf(stderr, "%s:%d:%d: %s\n", fault.file.c_str(), fault.line, fault.column,
                   fault.message.c_str());
    }
    if (!loaded.faults.empty()) return 2;
    return scoreboard::run(loaded.settings, instance);
  } catch (const std::exception& fault) {
    scoreboard::log::write(scoreboard::log::Level::error, "fault", {{"reason", fault.what()}});
    return 1;
  }
}
