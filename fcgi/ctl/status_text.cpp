// SPDX-License-Identifier: Apache-2.0
#include "ctl/status_text.hpp"

#include <fmt/core.h>

#include <cmath>
#include <optional>

#include "json/writer.hpp"
#include "ops/time_text.hpp"

namespace scoreboard::ctl {
namespace {

constexpr const char* requests = "scoreboard_http_requests_total";
constexpr double mebibyte = 1 << 20;

const char* name_of(WorkerStatus::State state) {
  switch (state) {
    case WorkerStatus::State::up:
      return "up";
    case WorkerStatus::State::down:
      return "DOWN";
    case WorkerStatus::State::stale:
      return "gone";
  }
  return "";
}

// "3 d 4 h", "4 h 12 min", "12 min 5 s": the two largest units.
std::string duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole >= 86400) return fmt::format("{} d {} h", whole / 86400, whole % 86400 / 3600);
  if (whole >= 3600) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} min {} s", whole / 60, whole % 60);
}

std::int64_t whole(const WorkerStatus& worker, const char* name) {
  return std::llround(worker.samples.sum(name));
}

// From a commit to Nchan's having the board: the mean of those since the last look, or of all if
// there was none since; empty before the first.
std::optional<double> lag_s(const WorkerStatus& publisher) {
  const auto rise = [&](const char* name) {
    return publisher.samples.sum(name) - publisher.earlier.sum(name);
  };
  constexpr const char* sum = "scoreboard_commit_to_publish_seconds_sum";
  constexpr const char* count = "scoreboard_commit_to_publish_seconds_count";
  if (rise(count) > 0) return rise(sum) / rise(count);
  const double all = publisher.samples.sum(count);
  if (all > 0) return publisher.samples.sum(sum) / all;
  return std::nullopt;
}

std::string worker_line(const WorkerStatus& worker) {
  if (!worker.up()) {
    return fmt::format("{:<10}  {:<5}  {}\n", worker.number, name_of(worker.state), worker.reason);
  }
  return fmt::format("{:<10}  {:<5}  {:<9}  {:>13}  {:>10.1f}  {:>7}  {:>6.0f} MiB\n",
                     worker.number, name_of(worker.state),
                     worker.samples.label("scoreboard_build_info", "version"),
                     duration(worker.uptime_s()), worker.per_second(requests),
                     whole(worker, "scoreboard_queue_length_actions"),
                     worker.samples.sum("process_resident_memory_bytes") / mebibyte);
}

std::string publisher_lines(const WorkerStatus* publisher) {
  if (publisher == nullptr) {
    return "publisher   NONE   no worker publishes\nlive Nginx  ?\n";
  }
  const bool live = whole(*publisher, "scoreboard_nchan_up") == 1;
  const auto lag = lag_s(*publisher);
  return fmt::format(
      "publisher   worker {}, board version {}, {} s from commit to watchers, board's file seen"
      " current {:.1f} s ago\n"
      "live Nginx  {}, {} subscribers, {} messages kept, {:.1f} of {:.0f} MiB shared memory\n",
      publisher->number, whole(*publisher, "scoreboard_board_seq"),
      lag ? fmt::format("{:.3f}", *lag) : "?",
      publisher->samples.sum("scoreboard_snapshot_age_seconds"), live ? "up" : "DOWN",
      whole(*publisher, "scoreboard_nchan_subscribers"),
      whole(*publisher, "scoreboard_nchan_messages"),
      publisher->samples.sum("scoreboard_nchan_shared_memory_bytes") / mebibyte,
      publisher->samples.sum("scoreboard_nchan_shared_memory_limit_bytes") / mebibyte);
}

std::string database_line(const char* what, const DatabaseStatus& database) {
  if (!database.state) return fmt::format("{:<10}  DOWN   {}\n", what, database.reason);
  return fmt::format("{:<10}  up     {}, journal at {}, of {}\n", what, database.state->engine,
                     database.state->head.seq.value(),
                     to_rfc3339(database.state->head.committed_at));
}

void write_worker(json::Writer& writer, const WorkerStatus& worker) {
  writer.begin_object();
  writer.key("worker").number(worker.number);
  writer.key("state").string(worker.up()                                  ? "up"
                             : worker.state == WorkerStatus::State::stale ? "gone"
                                                                          : "down");
  if (worker.up()) {
    writer.key("version").string(worker.samples.label("scoreboard_build_info", "version"));
    writer.key("uptime_s").number(std::llround(worker.uptime_s()));
    writer.key("requests_per_s").real(worker.per_second(requests));
    writer.key("queue").number(whole(worker, "scoreboard_queue_length_actions"));
    writer.key("memory_bytes").number(whole(worker, "process_resident_memory_bytes"));
  }
  writer.key("reason").string(worker.reason);
  writer.end_object();
}

void write_publisher(json::Writer& writer, const WorkerStatus* publisher) {
  if (publisher == nullptr) {
    writer.key("publisher").null();
    writer.key("live").null();
    return;
  }
  writer.key("publisher").begin_object();
  writer.key("worker").number(publisher->number);
  writer.key("board_version").number(whole(*publisher, "scoreboard_board_seq"));
  writer.key("lag_s");
  if (const auto lag = lag_s(*publisher)) {
    writer.real(*lag);
  } else {
    writer.null();
  }
  writer.key("snapshot_age_s").real(publisher->samples.sum("scoreboard_snapshot_age_seconds"));
  writer.end_object();
  writer.key("live").begin_object();
  writer.key("up").boolean(whole(*publisher, "scoreboard_nchan_up") == 1);
  writer.key("subscribers").number(whole(*publisher, "scoreboard_nchan_subscribers"));
  writer.key("messages").number(whole(*publisher, "scoreboard_nchan_messages"));
  writer.key("memory_bytes").number(whole(*publisher, "scoreboard_nchan_shared_memory_bytes"));
  writer.key("memory_bytes_max")
      .number(whole(*publisher, "scoreboard_nchan_shared_memory_limit_bytes"));
  writer.end_object();
}

void write_database(json::Writer& writer, const DatabaseStatus& database) {
  writer.begin_object();
  writer.key("answers").boolean(database.state.has_value());
  if (database.state) {
    writer.key("engine").string(database.state->engine);
    writer.key("journal").number(database.state->head.seq.value());
    writer.key("committed_at").string(to_rfc3339(database.state->head.committed_at));
  }
  writer.key("reason").string(database.reason);
  writer.end_object();
}

}  // namespace

std::string status_screen(const HostStatus& host) {
  std::string screen =
      fmt::format("{:<10}  {:<5}  {:<9}  {:>13}  {:>10}  {:>7}  {:>10}\n", "worker", "state",
                  "version", "up for", "requests/s", "waiting", "memory");
  for (const WorkerStatus& worker : host.workers) screen += worker_line(worker);
  if (!host.trouble.empty()) screen += host.trouble + "\n";
  screen += publisher_lines(host.publisher());
  screen += database_line("database", host.database);
  if (host.replica) screen += database_line("replica", *host.replica);
  return screen;
}

std::string status_json(const HostStatus& host) {
  json::Writer writer;
  writer.begin_object();
  writer.key("good").boolean(host.good());
  if (!host.trouble.empty()) writer.key("trouble").string(host.trouble);
  writer.key("workers").begin_array();
  for (const WorkerStatus& worker : host.workers) write_worker(writer, worker);
  writer.end_array();
  write_publisher(writer, host.publisher());
  writer.key("database");
  write_database(writer, host.database);
  writer.key("replica");
  if (host.replica) {
    write_database(writer, *host.replica);
  } else {
    writer.null();
  }
  writer.end_object();
  return std::move(writer).take();
}

}  // namespace scoreboard::ctl
