// SPDX-License-Identifier: Apache-2.0
#include "doctor/nginx.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <thread>

#include "doctor/looking.hpp"
#include "doctor/nginx_text.hpp"

namespace scoreboard::doctor {
namespace {

constexpr const char* oldest_version = "1.22.1";
constexpr const char* oldest_package = "1.22.1-9+deb12u11~";  // CVE-2026-42533: a map with a regex
constexpr const char* oldest_nchan = "1.3.6";
// Besides its connections a process has logs, listening sockets and an event queue open.
constexpr long files_besides = 64;
constexpr int include_depth_max = 8;

std::string package_version(const char* package) {
  const auto ran = run({"dpkg-query", "-W", "-f", "${Version}", package});
  return ran && ran->status == 0 ? ran->text : std::string{};
}

// "1:1.3.6+dfsg-2" -> "1.3.6"
std::string upstream(std::string version) {
  version.erase(0, version.find(':') == std::string::npos ? 0 : version.find(':') + 1);
  return version.substr(0, version.find_first_of("+-~"));
}

long number_of(const Directive& directive, long otherwise) {
  if (directive.arguments.empty()) return otherwise;
  const std::string& text = directive.arguments.front();
  long number = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

constexpr std::string_view unix_scheme = "unix:";

UpstreamServer upstream_server(const Directive& directive, const std::filesystem::path& file) {
  UpstreamServer server{.socket = directive.arguments.front().substr(unix_scheme.size()),
                        .file = file};
  constexpr std::string_view bound = "max_conns=";
  for (const std::string& argument : directive.arguments) {
    if (argument.starts_with(bound)) server.bounded = argument.substr(bound.size()) != "0";
  }
  return server;
}

void take(const Directive& directive, const std::filesystem::path& file, NginxInstance& instance,
          std::string& pid_file) {
  if (directive.block == "events" && directive.name == "worker_connections") {
    instance.connections = number_of(directive, instance.connections);
  }
  if (directive.arguments.empty()) return;
  if (directive.arguments.front().starts_with(unix_scheme)) {
    if (directive.name == "listen") {
      instance.sockets.emplace_back(directive.arguments.front().substr(unix_scheme.size()));
    } else if (directive.name == "server" && directive.block.ends_with("upstream")) {
      instance.upstream.push_back(upstream_server(directive, file));
    }
  }
  if (!directive.block.empty()) return;
  if (directive.name == "worker_processes") {
    const auto cores = static_cast<long>(std::max(1U, std::thread::hardware_concurrency()));
    instance.processes =
        static_cast<int>(directive.arguments.front() == "auto" ? cores : number_of(directive, 1));
  } else if (directive.name == "worker_rlimit_nofile") {
    instance.files = number_of(directive, instance.files);
  } else if (directive.name == "user") {
    instance.user = directive.arguments.front();
  } else if (directive.name == "pid") {
    pid_file = directive.arguments.front();
  }
}

// The file, which stands in this block, and what it includes.
bool read_configuration(const std::filesystem::path& file, const std::string& block, int depth,
                        NginxInstance& instance, std::string& pid_file) {
  const auto text = contents(file);
  if (!text) return false;
  for (const Directive& directive : directives(*text, block)) {
    if (directive.name == "include" && !directive.arguments.empty() && depth < include_depth_max) {
      for (const auto& piece :
           matching(instance.file.parent_path() / directive.arguments.front())) {
        read_configuration(piece, directive.block, depth + 1, instance, pid_file);
      }
    }
    take(directive, file, instance, pid_file);
  }
  return true;
}

// The limit that its processes got from whoever started it.
long inherited_files(const std::string& pid_file) {
  const auto pid = contents(pid_file);
  if (!pid) return -1;
  const auto limits = contents("/proc/" + pid->substr(0, pid->find('\n')) + "/limits");
  return limits ? open_files_limit(*limits) : -1;
}

long room(const NginxInstance& instance, long each) {
  const long of_files = instance.files < 0 ? instance.connections : instance.files - files_besides;
  return std::max(0L, instance.processes * std::min(instance.connections, of_files) / each);
}

// What to write so that `wanted` fit, with a quarter to spare.
std::string more_room(const NginxInstance& instance, long wanted, long each) {
  const long connections = (wanted * each * 5 / 4 + instance.processes - 1) / instance.processes;
  return "in " + instance.file.string() + ": worker_rlimit_nofile " +
         std::to_string(connections + files_besides) + "; and in events {}: worker_connections " +
         std::to_string(connections) + ";";
}

Findings capacity(const char* name, const NginxInstance& instance, long wanted, long each) {
  const std::string check = std::string(name) + ".connections";
  const long there = room(instance, each);
  const std::string what = std::string(name) + " Nginx has room for " + std::to_string(there) +
                           " live connections, " + std::to_string(wanted) + " are wanted";
  Findings found;
  if (there < wanted) {
    found.push_back(fail(check, what, more_room(instance, wanted, each)));
  } else {
    found.push_back(ok(check, what));
  }
  if (instance.files < 0) {
    found.push_back(warn(std::string(name) + ".files",
                         std::string(name) + " Nginx does not run: its limit of open files cannot "
                                             "be seen",
                         "start it and look again"));
  }
  return found;
}

Finding unreadable(const char* name, const NginxInstance& instance) {
  return fail(std::string(name) + ".configuration", instance.file.string() + " cannot be read",
              std::string("name the ") + name + " Nginx's configuration with --" + name +
                  "-config, or run this as root");
}

}  // namespace

NginxProgram look_at_nginx() {
  NginxProgram nginx;
  auto ran = run({"nginx", "-V"});
  if (!ran) ran = run({"/usr/sbin/nginx", "-V"});  // not in everybody's search path
  if (!ran) return nginx;
  nginx.found = true;
  nginx.version = nginx_version(ran->text);
  std::error_code ignored;
  nginx.has_nchan = std::filesystem::exists(
      std::filesystem::path(nginx_modules(ran->text)) / "ngx_nchan_module.so", ignored);
  nginx.nchan = upstream(package_version("libnginx-mod-nchan"));
  nginx.package = package_version("nginx-common");
  if (!nginx.package.empty()) {
    const auto compared = run({"dpkg", "--compare-versions", nginx.package, "lt", oldest_package});
    nginx.package_is_older = compared && compared->status == 0;
  }
  return nginx;
}

Findings program_findings(const NginxProgram& nginx) {
  if (!nginx.found) {
    return {fail("nginx.version", "there is no Nginx", "apt install nginx libnginx-mod-nchan")};
  }
  Findings found;
  const std::string version = nginx.package.empty() ? nginx.version : nginx.package;
  if (older(nginx.version, oldest_version)) {
    found.push_back(fail("nginx.version", "Nginx " + version + " is too old",
                         std::string("install ") + oldest_version + " or newer"));
  } else if (nginx.package_is_older) {
    found.push_back(warn("nginx.version", "Nginx " + version + " lacks fixes of its security",
                         "apt update && apt install --only-upgrade nginx"));
  } else {
    found.push_back(ok("nginx.version", "Nginx " + version));
  }
  if (!nginx.has_nchan) {
    found.push_back(
        fail("nginx.nchan", "Nginx has no Nchan module", "apt install libnginx-mod-nchan"));
  } else if (!nginx.nchan.empty() && older(nginx.nchan, oldest_nchan)) {
    found.push_back(fail("nginx.nchan", "Nchan " + nginx.nchan + " is too old",
                         std::string("install ") + oldest_nchan + " or newer"));
  } else {
    found.push_back(ok("nginx.nchan", nginx.nchan.empty() ? "Nchan" : "Nchan " + nginx.nchan));
  }
  return found;
}

NginxInstance look_at_instance(const std::filesystem::path& file) {
  NginxInstance instance{.file = file};
  std::string pid_file = "/run/nginx.pid";
  instance.readable = read_configuration(file, "", 0, instance, pid_file);
  if (instance.readable && instance.files < 0) instance.files = inherited_files(pid_file);
  return instance;
}

Findings edge_findings(const NginxInstance& edge, int wanted) {
  if (!edge.readable) return {unreadable("edge", edge)};
  return capacity("edge", edge, wanted, 2);
}

Finding overload_finding(const NginxInstance& edge,
                         const std::filesystem::path& runtime_directory) {
  const std::string check = "edge.overload";
  const auto same_place = [&](const std::filesystem::path& socket) {
    std::error_code ignored;
    return std::filesystem::weakly_canonical(socket.parent_path(), ignored) ==
           std::filesystem::weakly_canonical(runtime_directory, ignored);
  };
  const UpstreamServer* unbounded = nullptr;
  std::size_t lines = 0;
  for (const UpstreamServer& server : edge.upstream) {
    if (!same_place(server.socket)) continue;
    ++lines;
    if (!server.bounded && unbounded == nullptr) unbounded = &server;
  }
  if (lines == 0) {
    return warn(check,
                "no upstream of the edge Nginx leads to a worker in " + runtime_directory.string(),
                "enable the board's site (docs/nginx.md), or name the edge Nginx's configuration "
                "with --edge-config");
  }
  if (unbounded != nullptr) {
    return warn(check,
                unbounded->socket.string() +
                    " has no max_conns: under overload requests wait for many seconds and are not "
                    "refused",
                "in " + unbounded->file.string() +
                    ": give each line of a worker max_conns, 16 on the first and 4 on the backup");
  }
  return ok(check, "the edge Nginx refuses what the workers cannot do");
}

Findings live_findings(const NginxInstance& live, int wanted) {
  if (!live.readable) return {unreadable("live", live)};
  Findings found = capacity("live", live, wanted, 1);
  if (live.processes == 1) {
    found.push_back(ok("live.processes", "the live Nginx has one process"));
  } else {
    found.push_back(fail("live.processes",
                         "the live Nginx has " + std::to_string(live.processes) +
                             " processes: when one crashes, the others' audience is deaf",
                         "in " + live.file.string() + ": worker_processes 1;"));
  }
  return found;
}

}  // namespace scoreboard::doctor
