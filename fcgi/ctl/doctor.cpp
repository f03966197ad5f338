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
#include "doctor/owner_and_standby.hpp"
#include "doctor/sockets.hpp"
#include "doctor/worker_sockets.hpp"
#include "doctor/worker_unit.hpp"
#include "json/writer.hpp"
#include "ops/printable.hpp"
#include "store/open.hpp"

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
  std::string owner = "scoreboard_owner";
  int subscribers = 0;  // 0: as configured
  bool json = false;
};

void add(Findings& all, Findings more) {
  std::ranges::move(more, std::back_inserter(all));
}

// Files of others and what programs say are quoted in it, and a driver may say several lines.
std::string one_line(std::string text) {
  text.erase(text.find_last_not_of('\n') + 1);
  std::ranges::replace(text, '\n', ' ');
  return printable(text);
}

// What the workers are told, as they may read it.
struct Configuration {
  config::Loaded own;  // by files, variables and command line
  doctor::WorkerUnit unit;
  config::Loaded loaded;  // and by systemd

  const config::Settings& settings() const { return loaded.settings; }
};

Configuration look_at_configuration(const Invocation& invocation, const doctor::Account& worker) {
  doctor::WorkerUnit unit = doctor::look_at_worker_unit();
  const doctor::ActingAs as_worker(worker);
  config::Environment variables = doctor::variables_of(unit);
  variables.merge(config::environment());
  return {.own = load(invocation), .unit = std::move(unit), .loaded = load(invocation, variables)};
}

Findings configuration_findings(const Configuration& configuration) {
  Findings found;
  for (const config::Fault& fault : configuration.loaded.faults) {
    found.push_back(doctor::fail("configuration", config::to_string(fault),
                                 "mend it; until then workers neither start nor reload"));
  }
  if (found.empty()) found.push_back(doctor::ok("configuration", "the configuration is good"));
  add(found, doctor::unit_findings(configuration.unit, configuration.own, configuration.loaded));
  return found;
}

doctor::KeyFile look_at_key_file(const Configuration& configuration,
                                 const std::filesystem::path& file, const doctor::Account& worker) {
  if (doctor::is_credential(configuration.unit, file)) return doctor::look_at_key_file(file);
  const doctor::ActingAs as_worker(worker);
  return doctor::look_at_key_file(file);
}

Findings key_findings(const Configuration& configuration, const doctor::Account& worker) {
  const config::Settings& settings = configuration.settings();
  Findings found;
  for (const auto& [check, file] : {std::pair{"keys.access", &settings.auth.access_keys},
                                    std::pair{"keys.action", &settings.auth.action_keys}}) {
    found.push_back(doctor::key_finding(check, look_at_key_file(configuration, *file, worker)));
  }
  const doctor::ActingAs as_worker(worker);
  for (const auto& [name, issuer] : settings.issuers) {
    const std::string check = "keys.issuers." + name;
    const auto keys = api::read_issuer_keys(issuer);
    found.push_back(keys ? doctor::ok(check, issuer.keys.string())
                         : doctor::fail(check, keys.error().log,
                                        "put the issuer's JWK Set there, readable by " +
                                            worker.name + ": " + issuer.keys.string()));
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

long long number_of_workers(const config::Settings& settings) {
  std::error_code unreadable;
  const auto sockets = doctor::worker_sockets(settings.live.runtime_directory, unreadable);
  return std::max<long long>(1, static_cast<long long>(sockets.size()));
}

// Everything that is reached by database.*_uri, each as the user who does so.
Findings database_findings(const config::Settings& settings, const Result<DatabaseAbout>& database,
                           const doctor::Account& worker, const doctor::Account& owner) {
  Findings found = doctor::database_findings(database);
  if (!database || !database->postgresql) return found;
  const long long workers = number_of_workers(settings);
  const long long each = connections_wanted({.uri = settings.database.uri,
                                             .committers = settings.database.committers,
                                             .readers = settings.database.readers});
  found.push_back(doctor::connections_finding("database.connections", *database, workers * each));
  if (!settings.database.owner_uri.empty()) {
    const doctor::ActingAs as_owner(owner);
    add(found, doctor::owner_findings(about_database(settings.database.owner_uri), *database));
  }
  if (!settings.database.replica_uri.empty()) {
    const doctor::ActingAs as_worker(worker);
    const auto standby = about_standby(settings.database.replica_uri, database->journal_seq);
    add(found, doctor::standby_findings(standby, *database));
    if (standby) {
      found.push_back(doctor::connections_finding("database.replica_connections", *standby,
                                                  workers * settings.database.readers));
    }
  }
  return found;
}

Findings disk_findings(const config::Settings& settings, const Result<DatabaseAbout>& database,
                       const std::string& log_directory) {
  const auto snapshot = doctor::look_at_space(settings.live.snapshot_directory);
  Findings found{doctor::space_finding("disk.runtime", "locks and sockets",
                                       doctor::look_at_space(settings.live.runtime_directory)),
                 doctor::space_finding("disk.snapshot", "the board's snapshot", snapshot),
                 doctor::space_finding("disk.log", "logs", doctor::look_at_space(log_directory))};
  if (snapshot.known) found.push_back(doctor::snapshot_place_finding(snapshot));
  if (!database) return found;  // told already
  const auto space = doctor::look_at_space(database->directory);
  // A directory of the same name may be here by chance.
  found.push_back(database->here && space.known
                      ? doctor::space_finding("disk.database", "the database", space)
                      : doctor::unseen_disk_finding(database->role, database->here));
  return found;
}

Findings account_findings(const doctor::Account& worker) {
  if (worker.known) return {};
  return {doctor::warn("account",
                       "there is no user " + worker.name +
                           ": files and database were "
                           "looked at as whoever runs this",
                       "name the workers' user with --user")};
}

Findings examine(const Invocation& invocation, const Wanted& wanted) {
  const auto worker = doctor::look_at_account(wanted.user);
  const Configuration configuration = look_at_configuration(invocation, worker);
  const config::Settings& settings = configuration.settings();
  const int subscribers =
      wanted.subscribers > 0 ? wanted.subscribers : settings.live.subscribers_wanted;
  Findings all = account_findings(worker);
  add(all, configuration_findings(configuration));
  add(all, doctor::program_findings(doctor::look_at_nginx()));
  const auto edge = doctor::look_at_instance(wanted.edge_config);
  add(all, doctor::edge_findings(edge, subscribers));
  if (edge.readable) {
    all.push_back(doctor::overload_finding(edge, settings.live.runtime_directory));
  }
  const auto live = doctor::look_at_instance(wanted.live_config);
  add(all, doctor::live_findings(live, subscribers));
  const auto nginx = edge.readable ? doctor::look_at_account(edge.user) : doctor::Account{};
  add(all, doctor::all_sockets({.runtime_directory = settings.live.runtime_directory,
                                .publish = settings.live.nchan_socket,
                                .live = live.sockets},
                               nginx, worker));
  add(all, worker_findings(settings.live.runtime_directory));
  const auto database = [&] {
    const doctor::ActingAs as_worker(worker);
    return about_database(settings.database.uri);
  }();
  add(all, database_findings(settings, database, worker, doctor::look_at_account(wanted.owner)));
  add(all, key_findings(configuration, worker));
  all.push_back(doctor::clock_finding(doctor::look_at_clock()));
  add(all, disk_findings(settings, database, wanted.log_directory));
  for (Finding& finding : all) {
    finding.what = one_line(std::move(finding.what));
    finding.advice = one_line(std::move(finding.advice));
  }
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
                   "Whom the workers run as; root looks at files and the database as this user")
      ->capture_default_str();
  command
      ->add_option("--owner-user", wanted->owner,
                   "Whom migrations run as; root looks at database.owner_uri as this user")
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
