// SPDX-License-Identifier: Apache-2.0
// Nginx and Nchan: are they there, new enough, and is there room for the audience?
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "doctor/finding.hpp"

namespace scoreboard::doctor {

struct NginxProgram {
  bool found = false;
  std::string version = {};       // 1.22.1
  std::string package = {};       // Debian's version of it; empty: not from a package
  bool package_is_older = false;  // than the one with the fixes that we need
  bool has_nchan = false;         // the module's file
  std::string nchan = {};         // its package's version without epoch and revision
};
NginxProgram look_at_nginx();
Findings program_findings(const NginxProgram& nginx);

// A line of an upstream{} that leads to a unix socket.
struct UpstreamServer {
  std::filesystem::path socket;
  std::filesystem::path file;  // in which it stands
  bool bounded = false;        // max_conns, more than 0
};

// One instance as its configuration and its process say.
struct NginxInstance {
  std::filesystem::path file;
  bool readable = false;
  int processes = 1;
  long connections = 512;  // of one process, as Nginx has it by itself
  long files = -1;         // that one process may open; -1: cannot be seen
  std::string user = "nobody";
  std::vector<std::filesystem::path> sockets = {};  // unix ones on which it listens
  std::vector<UpstreamServer> upstream = {};
};
NginxInstance look_at_instance(const std::filesystem::path& file);

// The edge: every live connection takes two of its connections, the client's and the one to the
// live Nginx.
Findings edge_findings(const NginxInstance& edge, int wanted);
// Whether the edge refuses what the workers of this directory cannot do (docs/decisions/0010).
Finding overload_finding(const NginxInstance& edge, const std::filesystem::path& runtime_directory);
// The live one: a connection each, and a single process (decided by Nchan's faults with more).
Findings live_findings(const NginxInstance& live, int wanted);

}  // namespace scoreboard::doctor
