// SPDX-License-Identifier: Apache-2.0
// scoreboardctl doctor: looks at the whole host and says what to do about each finding.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "api/issuers.hpp"
#include "ctl/commands.hpp"
#include "ctl/fcgi_get.hpp"
#include "doctor/account.hpp"
#include "doctor/clock.hpp"
#include "doctor/database.hpp"
#include "doctor/disk.hpp"
#include "doctor/keys.hpp"
#include "doctor/nginx.hpp"
#include "doctor/sockets.hpp"
#include "doctor/worker_sockets.hpp"
#include "json/writer.hpp"

namespace scoreboard::ctl {
namespace {

using doctor::Finding;
using doctor::Findings;
using doctor::Level;

struct Wanted {
  std::string edge_config = "/etc/nginx/nginx.conf";
  std::string live_config = "/etc/scoreboard/nginx/live/nginx.conf";
  std::string log_directory = "/var/log";
  std::string user = "scoreboard";
  int subscribers = 0;  // 0: as configured
  bool json = false;
};

void add(Findings& all, Findings more) {
  std::ranges::move(more, std::back_inserter(all));
}

Findings configuration_findings(const config::Loaded& loaded) {
  Findings found;
  for (const config::Fault& fault : loaded.faults) {
    found.push_back(doctor::fail("configuration", config::to_string(fault),
                                 "mend it; until then workers neither start nor reload"));
  }
  if (found.empty()) found.push_back(doctor::ok("configuration", "the configuration is good"));
  return found;
}

Findings key_findings(const config::Settings& settings) {
  Findings found{
      doctor::key_finding("keys.access", doctor::look_at_key_file(settings.auth.access_keys)),
      doctor::key_finding("keys.action", doctor::look_at_key_file(settings.auth.action_keys))};
  for (const auto& [name, issuer] : settings.issuers) {
    const std::string check = "keys.issuers." + name;
    const auto keys = api::read_issuer_keys(issuer);
    found.push_back(keys ? doctor::ok(check, issuer.keys.string())
                         : doctor::fail(check, keys.error().log,
                                        "put the issuer's JWK Set there: " + issuer.keys.string()));
  }
  return found;
}

// systemd listens at a worker's socket whether the worker runs or not.
Findings worker_findings(const std::filesystem::path& runtime_directory) {
  Findings found;
  std::error_code unreadable;
  for (const auto& [number, socket] : doctor::worker_sockets(runtime_directory, unreadable)) {
    const auto answer = fcgi_get(socket, "/internal/metrics", std::chrono::seconds{2});
    if (!answer && answer.error().code == ErrorCode::not_found) continue;  // told of the socket
    if (answer && answer->status == 200) {
      found.push_back(doctor::ok("worker", "a worker answers at " + socket.string()));
    } else {
      found.push_back(doctor::fail("worker", "no worker answers at " + socket.string(),
                                   "see why: journalctl -u 'scoreboard@*'"));
    }
  }
  return found;
}

Findings disk_findings(const config::Settings& settings, const std::string& database_directory,
                       const std::string& log_directory) {
  const auto snapshot = doctor::look_at_space(settings.live.snapshot_directory);
  Findings found{doctor::space_finding("disk.runtime", "locks and sockets",
                                       doctor::look_at_space(settings.live.runtime_directory)),
                 doctor::space_finding("disk.snapshot", "the board's snapshot", snapshot),
                 doctor::space_finding("disk.log", "logs", doctor::look_at_space(log_directory))};
  if (snapshot.known) found.push_back(doctor::snapshot_place_finding(snapshot));
  // Of another host's database there is nothing to see here.
  const auto database = doctor::look_at_space(database_directory);
  if (database.known) {
    found.push_back(doctor::space_finding("disk.database", "the database", database));
  }
  return found;
}

Findings examine(const Invocation& invocation, const Wanted& wanted) {
  const config::Loaded loaded = load(invocation);
  const config::Settings& settings = loaded.settings;
  const int subscribers =
      wanted.subscribers > 0 ? wanted.subscribers : settings.live.subscribers_wanted;
  Findings all = configuration_findings(loaded);
  add(all, doctor::program_findings(doctor::look_at_nginx()));
  const auto edge = doctor::look_at_instance(wanted.edge_config);
  add(all, doctor::edge_findings(edge, subscribers));
  const auto live = doctor::look_at_instance(wanted.live_config);
  add(all, doctor::live_findings(live, subscribers));
  const auto nginx = edge.readable ? doctor::look_at_account(edge.user) : doctor::Account{};
  const auto worker = doctor::look_at_account(wanted.user);
  add(all, doctor::all_sockets({.runtime_directory = settings.live.runtime_directory,
                                .publish = settings.live.nchan_socket,
                                .live = live.sockets},
                               nginx, worker));
  add(all, worker_findings(settings.live.runtime_directory));
  const auto database = [&] {
    const doctor::ActingAs as_worker(worker);
    return about_database(settings.database.uri);
  }();
  add(all, doctor::database_findings(database));
  add(all, key_findings(settings));
  all.push_back(doctor::clock_finding(doctor::look_at_clock()));
  add(all, disk_findings(settings, database ? database->directory : "", wanted.log_directory));
  return all;
}

const char* word_of(Level level) {
  switch (level) {
    case Level::ok:
      return "ok";
    case Level::warn:
      return "warn";
    case Level::fail:
      return "FAIL";
  }
  return "";
}

void print_lines(const Findings& findings) {
  for (const Finding& finding : findings) {
    const std::string advice = finding.advice.empty() ? "" : "  - " + finding.advice;
    std::printf("%-4s  %s%s\n", word_of(finding.level), finding.what.c_str(), advice.c_str());
  }
}

void print_json(const Findings& findings) {
  json::Writer writer;
  writer.begin_object().key("findings").begin_array();
  for (const Finding& finding : findings) {
    writer.begin_object();
    writer.key("level").string(word_of(finding.level));
    writer.key("check").string(finding.check);
    writer.key("what").string(finding.what);
    writer.key("advice").string(finding.advice);
    writer.end_object();
  }
  writer.end_array().end_object();
  std::puts(std::move(writer).take().c_str());
}

int run(const Invocation& invocation, const Wanted& wanted) {
  const Findings findings = examine(invocation, wanted);
  if (wanted.json) {
    print_json(findings);
  } else {
    print_lines(findings);
  }
  const bool failed = std::ranges::any_of(
      findings, [](const Finding& finding) { return finding.level == Level::fail; });
  return failed ? failure : good;
}

}  // namespace

void add_doctor(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("doctor", "Look at the whole host and say what to do about each finding");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("--edge-config", wanted->edge_config, "Configuration of the edge Nginx")
      ->capture_default_str();
  command->add_option("--live-config", wanted->live_config, "Configuration of the live Nginx")
      ->capture_default_str();
  command->add_option("--log", wanted->log_directory, "Directory of the logs")
      ->capture_default_str();
  command
      ->add_option("--user", wanted->user,
                   "Whom the workers run as; root looks at the database as this user")
      ->capture_default_str();
  command
      ->add_option("--subscribers", wanted->subscribers,
                   "Live connections wanted, instead of live.subscribers_wanted")
      ->check(CLI::Range(1, 1000000));
  command->add_flag("--json", wanted->json, "For programs: one JSON object");
  command->callback([&invocation, wanted] {
    invocation.command = [&invocation, wanted] { return run(invocation, *wanted); };
  });
}

}  // namespace scoreboard::ctl
