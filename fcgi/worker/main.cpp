// SPDX-License-Identifier: Apache-2.0
// scoreboard-worker: the parts, wired and started. It decides nothing.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <functional>
#include <utility>
#include <vector>

#include "api/services.hpp"
#include "config/calendar.hpp"
#include "config/load.hpp"
#include "ops/log.hpp"
#include "publish/ended_sessions.hpp"
#include "server/fcgi_server.hpp"
#include "server/refusal_watch.hpp"
#include "store/journal_follower.hpp"
#include "store/open.hpp"
#include "worker/crash_for_tests.hpp"
#include "worker/keys.hpp"
#include "worker/termination.hpp"
#include "worker/worker_metrics.hpp"

namespace scoreboard {
namespace {

int fail(const std::string& reason) {
  log::write(log::Level::error, "start_failed", {{"reason", reason}});
  return 1;
}

StoreOptions store_options(const config::Settings& settings, metrics::Registry& metrics) {
  return {.uri = settings.database.uri,
          .replica_uri = settings.database.replica_uri,
          .committers = settings.database.committers,
          .readers = settings.database.readers,
          .metrics = &metrics,
          .serializable = settings.database.isolation == config::Settings::Database::serializable};
}

publish::Publisher::Options publisher_options(const config::Settings& settings,
                                              metrics::Registry& metrics,
                                              const std::vector<Board>& boards,
                                              const std::shared_ptr<const Calendar>& calendar,
                                              std::function<void()> each_second) {
  return {.runtime_directory = settings.live.runtime_directory,
          .snapshot_directory = settings.live.snapshot_directory,
          .nchan_socket = settings.live.nchan_socket,
          .spacing = settings.live.spacing,
          .boards = boards,
          .calendar = calendar,
          .each_second = std::move(each_second),
          .metrics = publish::PublishMetrics(metrics)};
}

CommitQueue::Options queue_options(const config::Settings& settings, const StoreOptions& database,
                                   const std::vector<Board>& boards,
                                   const std::shared_ptr<const Calendar>& calendar,
                                   metrics::Registry& metrics) {
  return {.waiting_max = static_cast<std::size_t>(settings.server.queue_waiting_max),
          .wait_max = settings.server.queue_wait_max,
          .committers = useful_committers(database),
          .rules = {.limit = settings.limits.awards,
                    .window = settings.limits.awards_window,
                    .boards = boards,
                    .calendar = calendar},
          .metrics = CommitMetrics(metrics)};
}

publish::ConnectionRegistry::Options connection_options(const config::Settings& settings) {
  return {.directory = settings.live.runtime_directory / "connections",
          .nchan_socket = settings.live.nchan_socket,
          .connections_max = settings.limits.connections};
}

server::RefusalWatch::Options refusal_options(const config::Settings& settings,
                                              metrics::Registry& metrics) {
  return {.runtime_directory = settings.live.runtime_directory,
          .refusals_max = settings.limits.refusals,
          .block = settings.limits.block,
          .refused = refused_addresses(metrics),
          .blocked = blocked_addresses(metrics)};
}

// The journal has grown to this entry, whoever wrote it.
std::function<void(JournalSeq)> on_news(metrics::Registry& metrics, publish::Publisher& publisher) {
  return [&publisher, known = journal_seq(metrics)](JournalSeq seq) {
    known.set(static_cast<double>(seq.value()));
    publisher.nudge();
  };
}

int run(const config::Settings& settings, int instance) {
  const Termination termination;  // before any thread
  const CrashForTests crash;
  const SystemClock clock;
  metrics::Registry metrics;
  describe_process(metrics, SCOREBOARD_VERSION);

  auto listener = server::inherited_listener();
  if (!listener) return fail(listener.error().log);
  auto calendar = config::make_calendar(settings.boards.time_zone);
  if (!calendar) return fail(calendar.error().log);
  auto boards = config::parse_boards(settings.boards.periods);
  if (!boards) return fail(boards.error().log);
  const StoreOptions database = store_options(settings, metrics);
  auto store = open_store(database);
  if (!store) return fail(store.error().log);
  publish::ConnectionRegistry connections(clock, connection_options(settings));
  publish::EndedSessions ended_sessions(**store, clock, connections);
  publish::Publisher publisher(**store, publisher_options(settings, metrics, *boards, *calendar,
                                                          [&] { ended_sessions.look(); }));
  const JournalFollower follower(**store, settings.live.poll, on_news(metrics, publisher));
  publish::UsedTokens used_tokens(settings.live.runtime_directory / "used-tokens",
                                  settings.auth.realtime_lifetime + std::chrono::minutes{1});
  CommitQueue queue(**store, clock, queue_options(settings, database, *boards, *calendar, metrics),
                    [&] {
                      crash.after_commit();
                      publisher.nudge();
                    });
  auth::Passwords passwords(
      {.cost = settings.auth.password_cost, .concurrency = settings.auth.password_concurrency});

  auth::AuthFailures failures;
  read_for_scrapes(metrics, queue, publisher, failures);
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
                         .metrics = metrics,
                         .access_keys = keys.access(),
                         .action_keys = keys.action(),
                         .issuers = keys.issuers()};
  const http::Router router = api::make_router(services);
  server::FcgiServer server({.listener = *listener,
                             .threads = settings.server.threads,
                             .body_bytes_max = settings.server.body_bytes_max},
                            [&](const http::Request& request) { return router.handle(request); });

  const server::RefusalWatch refusals(refusal_options(settings, metrics));

  log::write(log::Level::info, "started",
             {{"version", SCOREBOARD_VERSION}, {"instance", std::int64_t{instance}}});
  termination.wait();
  Termination::bound_shutdown(4);
  // Front to back: no new requests, then what they wait for, then the rest by going out of scope.
  server.stop();
  queue.stop();
  log::write(log::Level::info, "stopped", {{"instance", std::int64_t{instance}}});
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
