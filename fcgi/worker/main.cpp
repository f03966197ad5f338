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
#include "metrics/registry.hpp"
#include "ops/log.hpp"
#include "publish/ended_sessions.hpp"
#include "server/fcgi_server.hpp"
#include "server/refusal_watch.hpp"
#include "server/service_notices.hpp"
#include "server/turn_away.hpp"
#include "store/journal_follower.hpp"
#include "store/open.hpp"
#include "worker/crash_for_tests.hpp"
#include "worker/keys.hpp"
#include "worker/options.hpp"
#include "worker/reload.hpp"
#include "worker/termination.hpp"
#include "worker/worker_metrics.hpp"

namespace scoreboard {
namespace {

// Four tries a second would fill the log and help nobody.
constexpr std::chrono::seconds between_tries{3};

// Of a worker that cannot start. Where it has no socket, nobody waits for it.
int give_up(int status) {
  const auto listener = server::inherited_listener();
  if (listener) server::turn_away(*listener, between_tries);
  return status;
}

int fail(const std::string& reason) {
  log::write(log::Level::error, "start_failed", {{"reason", reason}});
  return 1;
}

void note(std::string_view event, int instance) {
  log::write(log::Level::info, event,
             {{"version", SCOREBOARD_VERSION}, {"instance", std::int64_t{instance}}});
}

// The journal has grown to this entry, whoever wrote it.
std::function<void(JournalSeq)> on_news(metrics::Registry& metrics, publish::Publisher& publisher) {
  return [&publisher, known = journal_seq(metrics)](JournalSeq seq) {
    known.set(static_cast<double>(seq.value()));
    publisher.nudge();
  };
}

std::function<void()> on_commit(const CrashForTests& crash, publish::Publisher& publisher) {
  return [&crash, &publisher] {
    crash.after_commit();
    publisher.nudge();
  };
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

constexpr std::chrono::seconds ending_max{4};

// Until it is told to end.
void serve(const Termination& termination, Reload& reload, server::ServiceNotices& notices,
           int instance) {
  note("started", instance);
  notices.ready("Serving");
  while (termination.wait() == Termination::Asked::reload) {
    notices.reloading();
    reload();
    notices.ready("Serving");
  }
  notices.stopping();
  // A worker that cannot go on turns away as one that cannot start, when the rest has ended.
  Termination::bound_shutdown(termination.fault().empty() ? ending_max
                                                          : ending_max + between_tries);
}

int ended(const Termination& termination, int instance) {
  if (const auto fault = termination.fault(); !fault.empty()) return fail(fault);
  note("stopped", instance);
  return 0;
}

int run(const config::Settings& settings, const Reload::Read& read, int instance) {
  Termination termination;  // before any thread
  const CrashForTests crash;
  const SystemClock clock;
  trace::Spans spans;
  const auto exporter = make_exporter(spans, settings, SCOREBOARD_VERSION);
  metrics::Registry metrics;
  describe_process(metrics, SCOREBOARD_VERSION);

  auto listener = server::inherited_listener();
  if (!listener) return fail(listener.error().log);
  auto calendar = config::make_calendar(settings.boards.time_zone);
  if (!calendar) return fail(calendar.error().log);
  auto boards = config::parse_boards(settings.boards.periods);
  if (!boards) return fail(boards.error().log);
  const StoreOptions database = store_options(settings, metrics, termination);
  auto store = open_store(database);
  if (!store) return fail(store.error().log);
  publish::ConnectionRegistry connections(clock, connection_options(settings));
  publish::EndedSessions ended_sessions(**store, clock, connections);
  auto publishing = publisher_options(settings, metrics, *boards, *calendar);
  publishing.each_second = [&] { ended_sessions.look(); };
  publishing.spans = &spans;
  publish::Publisher publisher(**store, std::move(publishing));
  const JournalFollower follower(**store, settings.live.poll, on_news(metrics, publisher));
  publish::UsedTokens used_tokens(settings.live.runtime_directory / "used-tokens");
  const CommitQueue::Bounds bounds =
      queue_bounds(settings, {.rules = {.boards = *boards, .calendar = *calendar}});
  CommitQueue queue(**store, clock, queue_options(database, bounds, metrics, spans, publisher),
                    on_commit(crash, publisher));
  auth::Passwords passwords(
      {.cost = settings.auth.password_cost, .concurrency = settings.auth.password_concurrency});
  auth::AuthFailures failures;
  read_for_scrapes(metrics, queue, publisher, failures);
  Current<api::InForce> in_force(std::make_shared<const api::InForce>(
      api::InForce{.settings = settings, .issuers = api::make_issuers(settings)}));
  Keys keys(settings.auth, in_force);
  const api::Parts parts{.clock = clock,
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
                         .action_keys = keys.action()};
  const http::Router router = api::make_router(parts, in_force);
  server::FcgiServer server(server_options(settings, *listener, spans),
                            [&](const http::Request& request) {
                              auto response = router.handle(request);
                              crash.after_commit();
                              return response;
                            });
  server::RefusalWatch refusals(
      settings.live.runtime_directory, refusal_options(settings),
      {.refused = refused_addresses(metrics), .blocked = blocked_addresses(metrics)});
  Reload reload(
      read,
      {.in_force = in_force, .queue = queue, .bounds = bounds, .refusals = refusals, .keys = keys});

  server::ServiceNotices notices([&] { return what_stands_still(server, follower, publisher); });
  serve(termination, reload, notices, instance);
  // Front to back: no new requests, then what they wait for, then the rest by going out of scope.
  server.stop();
  queue.stop();
  return ended(termination, instance);
}

}  // namespace
}  // namespace scoreboard

int main(int argc, char** argv) {
  std::string config_file = "/etc/scoreboard/scoreboard.toml";
  std::vector<std::string> assignments;
  int instance = 1;
  CLI::App app("FastCGI worker of the scoreboard. Takes its listening socket from its parent.");
  app.add_option("--config", config_file, "Configuration file")->capture_default_str();
  app.add_option("--set", assignments, "Sets one key, as section.key=value; repeatable")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--instance", instance, "Number of this worker, for the log")
      ->capture_default_str();
  app.set_version_flag("--version", SCOREBOARD_VERSION);
  CLI11_PARSE(app, argc, argv);
  try {
    const auto read = [&, environment = scoreboard::config::environment()] {
      return scoreboard::config::load(config_file, environment, assignments);
    };
    const auto loaded = read();
    for (const auto& fault : loaded.faults) {
      std::fprintf(stderr, "%s\n", scoreboard::config::to_string(fault).c_str());
    }
    if (!loaded.faults.empty()) return scoreboard::give_up(2);
    const int status = scoreboard::run(loaded.settings, read, instance);
    return status == 0 ? 0 : scoreboard::give_up(status);
  } catch (const std::exception& fault) {
    scoreboard::log::write(scoreboard::log::Level::error, "fault", {{"reason", fault.what()}});
    return scoreboard::give_up(1);
  }
}
