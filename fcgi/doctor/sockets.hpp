// SPDX-License-Identifier: Apache-2.0
// Unix sockets: does somebody listen, may Nginx connect, and may nobody else?
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "doctor/account.hpp"
#include "doctor/finding.hpp"

namespace scoreboard::doctor {

// Looking is connecting: a worker's log tells of a connection without a request.
struct Socket {
  enum class Listener { there, busy, gone, no_socket, closed_to_us };
  std::filesystem::path path;
  Listener listener = Listener::no_socket;
  Permissions permissions = {};
  std::vector<Permissions> directories = {};  // above it, up to the root
};
Socket look_at_socket(const std::filesystem::path& path);

// `check`: "socket.worker"; `start`: what makes somebody listen; `caller`: who connects, and must
// be able to.
Findings socket_findings(const std::string& check, const Socket& socket, const Account& caller,
                         const std::string& start);

// The edge calls the workers, worker-*.sock of the runtime directory, and the live Nginx, whose
// sockets are `live`; the workers call one of these, `publish`.
struct Sockets {
  std::filesystem::path runtime_directory;
  std::filesystem::path publish;
  std::vector<std::filesystem::path> live;
};
Findings all_sockets(const Sockets& sockets, const Account& nginx, const Account& worker);

}  // namespace scoreboard::doctor
