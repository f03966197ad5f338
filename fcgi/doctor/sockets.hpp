// SPDX-License-Identifier: Apache-2.0
// Unix sockets: does somebody listen, may Nginx connect, and may nobody else?
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "doctor/finding.hpp"

namespace scoreboard::doctor {

// Looking is connecting: a worker's log tells of a connection without a request.
struct Socket {
  enum class Listener { there, busy, gone, no_socket, closed_to_us };
  std::filesystem::path path;
  Listener listener = Listener::no_socket;
  mode_t mode = 0;
  uid_t owner = 0;
  gid_t group = 0;
  bool reachable_by_others = false;  // every directory above lets anybody through
};
Socket look_at_socket(const std::filesystem::path& path);

struct Account {
  std::string name;
  bool known = false;
  uid_t user = 0;
  std::vector<gid_t> groups = {};
};
Account look_at_account(const std::string& name);

// `check`: "socket.worker"; `start`: what makes somebody listen; `nginx`: who connects.
Findings socket_findings(const std::string& check, const Socket& socket, const Account& nginx,
                         const std::string& start);

// worker-*.sock of the runtime directory, and the live Nginx's two.
Findings all_sockets(const std::filesystem::path& runtime_directory,
                     const std::filesystem::path& nchan_socket, const Account& nginx);

}  // namespace scoreboard::doctor
