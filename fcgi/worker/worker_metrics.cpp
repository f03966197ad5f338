// SPDX-License-Identifier: Apache-2.0
#include "worker/worker_metrics.hpp"

#include <array>
#include <chrono>

#include "metrics/process.hpp"

namespace scoreboard {
namespace {

metrics::Counter limited(metrics::Registry& registry, const char* scope) {
  return registry.counter("scoreboard_rate_limited_total",
                          "Requests that were refused by a limit, by whose it is.",
                          {{"scope", scope}});
}

void read_failures(metrics::Registry& registry, const auth::AuthFailures& failures) {
  struct OfKind {
    metrics::Counter failures;
    metrics::Counter events;
  };
  std::array<OfKind, auth_failure_kinds> kinds;
  for (int kind = 0; kind < auth_failure_kinds; ++kind) {
    const std::string name(auth::name_of(static_cast<AuthFailure>(kind)));
    kinds[static_cast<std::size_t>(kind)] = {
        registry.counter("scoreboard_auth_failures_total", "Failures of authentication, by kind.",
                         {{"reason", name}}),
        registry.counter("scoreboard_security_events_total",
                         "Repeated failures of one kind by one address or user, as the log tells"
                         " them.",
                         {{"kind", name}})};
  }
  const metrics::Counter logins = limited(registry, "login");
  registry.before_scrape([=, &failures] {
    for (int kind = 0; kind < auth_failure_kinds; ++kind) {
      const OfKind& of = kinds[static_cast<std::size_t>(kind)];
      of.failures.raise_to(static_cast<double>(failures.failures(static_cast<AuthFailure>(kind))));
      of.events.raise_to(static_cast<double>(failures.events(static_cast<AuthFailure>(kind))));
    }
    logins.raise_to(static_cast<double>(failures.failures(AuthFailure::throttled_login)));
  });
}

void read_nchan(metrics::Registry& registry, const publish::Publisher& publisher) {
  const auto gauge = [&](const char* name, const char* help) {
    return registry.gauge(name, std::string(help) + " Told by the acting publisher, 0 elsewhere.");
  };
  const auto reachable =
      gauge("scoreboard_nchan_up", "1 while the live Nginx takes what is published.");
  const auto subscribers = gauge("scoreboard_nchan_subscribers", "Live connections of this host.");
  const auto messages = gauge("scoreboard_nchan_messages", "Messages that Nchan keeps.");
  const auto published =
      gauge("scoreboard_nchan_published", "Messages that Nchan took since it started.");
  const auto channels = gauge("scoreboard_nchan_channels", "Channels that Nchan keeps.");
  const auto memory =
      gauge("scoreboard_nchan_shared_memory_bytes", "Nchan's shared memory in use, in bytes.");
  const auto memory_max = gauge("scoreboard_nchan_shared_memory_limit_bytes",
                                "Nchan's shared memory in all, in bytes.");
  registry.before_scrape([=, &publisher] {
    const publish::PublisherStatus status = publisher.status();
    reachable.set(status.acting && status.nchan_reachable ? 1 : 0);
    subscribers.set(static_cast<double>(status.nchan.subscribers));
    messages.set(static_cast<double>(status.nchan.messages));
    published.set(static_cast<double>(status.nchan.published));
    channels.set(static_cast<double>(status.nchan.channels));
    memory.set(static_cast<double>(status.nchan.memory_bytes));
    memory_max.set(static_cast<double>(status.nchan.memory_bytes_max));
  });
}

void read_publisher(metrics::Registry& registry, const publish::Publisher& publisher) {
  const auto acting = registry.gauge("scoreboard_publisher_acting",
                                     "1 on the one process of a host that publishes, else 0.");
  const auto board = registry.gauge(
      "scoreboard_board_seq",
      "Version of the board that watchers were given last: the number of the journal entry that"
      " changed it. Told by the acting publisher, 0 elsewhere.");
  const auto snapshot_age =
      registry.gauge("scoreboard_snapshot_age_seconds",
                     "Seconds since the board that the edge serves was last seen to be the one of"
                     " the database. Told by the acting publisher, 0 elsewhere.");
  registry.before_scrape([=, &publisher] {
    const publish::PublisherStatus status = publisher.status();
    acting.set(status.acting ? 1 : 0);
    board.set(static_cast<double>(status.published.value()));
    const std::chrono::duration<double> age =
        std::chrono::steady_clock::now() - status.snapshot_current_at;
    snapshot_age.set(status.acting ? age.count() : 0);
  });
}

}  // namespace

void read_for_scrapes(metrics::Registry& registry, const CommitQueue& queue,
                      const publish::Publisher& publisher, const auth::AuthFailures& failures) {
  const auto length =
      registry.gauge("scoreboard_queue_length_actions", "Actions that wait for a committer now.");
  const auto capacity = registry.gauge("scoreboard_queue_capacity_actions",
                                       "Actions that may wait at once; one more is refused.");
  registry.before_scrape([=, &queue] {
    length.set(static_cast<double>(queue.waiting()));
    capacity.set(static_cast<double>(queue.waiting_max()));
  });
  read_publisher(registry, publisher);
  read_nchan(registry, publisher);
  read_failures(registry, failures);
}

void describe_process(metrics::Registry& registry, const char* version) {
  metrics::add_process_metrics(registry);
  registry
      .gauge("scoreboard_build_info", "1, with the version of this program.",
             {{"version", version}})
      .set(1);
}

metrics::Counter refused_addresses(metrics::Registry& registry) {
  return limited(registry, "address");
}

metrics::Counter blocked_addresses(metrics::Registry& registry) {
  return registry.counter("scoreboard_addresses_blocked_total",
                          "Addresses that were blocked because they went on after refusals.");
}

metrics::Gauge journal_seq(metrics::Registry& registry) {
  return registry.gauge("scoreboard_journal_seq",
                        "Number of the journal's last entry that this process knows.");
}

}  // namespace scoreboard
