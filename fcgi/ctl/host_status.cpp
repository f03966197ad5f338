// SPDX-License-Identifier: Apache-2.0
#include "ctl/host_status.hpp"

#include <unistd.h>

#include <algorithm>
#include <functional>

#include "ctl/fcgi_get.hpp"
#include "doctor/account.hpp"
#include "doctor/worker_sockets.hpp"

namespace scoreboard::ctl {
namespace {

// A worker answers within milliseconds; one that needs longer is no use to a player either.
constexpr std::chrono::seconds patience{1};

constexpr const char* started = "process_start_time_seconds";

std::map<int, std::filesystem::path> sockets_in(const std::filesystem::path& directory,
                                                std::string& trouble) {
  std::error_code fault;
  auto sockets = doctor::worker_sockets(directory, fault);
  if (fault) {
    trouble = directory.string() + ": " + fault.message();
  } else if (sockets.empty()) {
    trouble = directory.string() + ": no worker-N.sock; do the workers run?";
  }
  return sockets;
}

DatabaseStatus status_of(Result<DatabaseState> looked) {
  if (looked) return {.state = *std::move(looked)};
  return {.state = std::nullopt, .reason = looked.error().log};
}

}  // namespace

double WorkerStatus::per_second(const char* name) const {
  const double seconds = between.count() > 0 ? between.count() : uptime_s();
  return seconds > 0 ? (samples.sum(name) - earlier.sum(name)) / seconds : 0;
}

double WorkerStatus::uptime_s() const {
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  return std::max(0.0, now.count() - samples.sum(started));
}

const WorkerStatus* HostStatus::publisher() const {
  const auto found = std::find_if(workers.begin(), workers.end(), [](const WorkerStatus& worker) {
    return worker.up() && worker.samples.sum("scoreboard_publisher_acting") == 1;
  });
  return found == workers.end() ? nullptr : &*found;
}

bool HostStatus::good() const {
  const bool none_down = std::none_of(workers.begin(), workers.end(), [](const auto& worker) {
    return worker.state == WorkerStatus::State::down;
  });
  const WorkerStatus* const acting = publisher();
  return trouble.empty() && none_down && acting != nullptr &&
         acting->samples.sum("scoreboard_nchan_up") == 1 && database.state &&
         (!replica || replica->state);
}

WorkerStatus HostWatch::ask(int number, const std::filesystem::path& socket) {
  WorkerStatus worker{.number = number};
  auto answer = fcgi_get(socket, "/internal/metrics", patience);
  if (!answer) {
    const bool stale = answer.error().code == ErrorCode::not_found;
    worker.state = stale ? WorkerStatus::State::stale : WorkerStatus::State::down;
    worker.reason = answer.error().log;
    return worker;
  }
  if (answer->status != 200) {
    worker.reason = "answers with status " + std::to_string(answer->status);
    return worker;
  }
  worker.state = WorkerStatus::State::up;
  worker.samples = metrics::Samples(answer->body);
  const auto now = std::chrono::steady_clock::now();
  const auto before = seen_.find(number);
  // One that was started again counts from its start.
  if (before != seen_.end() && before->second.samples.sum(started) == worker.samples.sum(started)) {
    worker.earlier = before->second.samples;
    worker.between = now - before->second.at;
  }
  seen_[number] = {.samples = worker.samples, .at = now};
  return worker;
}

namespace {

// PostgreSQL may know the workers' user alone (peer authentication): root looks with its eyes then.
Result<DatabaseState> as_the_workers_see_it(const std::function<Result<DatabaseState>()>& look) {
  auto state = look();
  if (state || geteuid() != 0) return state;
  const doctor::ActingAs as_worker(doctor::look_at_account("scoreboard"));
  return look();
}

}  // namespace

HostStatus HostWatch::look() {
  HostStatus host;
  for (const auto& [number, socket] : sockets_in(settings_.live.runtime_directory, host.trouble)) {
    host.workers.push_back(ask(number, socket));
  }
  host.database =
      status_of(as_the_workers_see_it([&] { return look_at_database(settings_.database.uri); }));
  if (!settings_.database.replica_uri.empty()) {
    host.replica = status_of(
        as_the_workers_see_it([&] { return look_at_replica(settings_.database.replica_uri); }));
  }
  return host;
}

}  // namespace scoreboard::ctl
