// SPDX-License-Identifier: Apache-2.0
#include "doctor/sockets.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "doctor/worker_sockets.hpp"

namespace scoreboard::doctor {
namespace {

namespace fs = std::filesystem;

Socket::Listener knock(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.size() >= sizeof address.sun_path) return Socket::Listener::no_socket;
  std::memcpy(address.sun_path, name.data(), name.size());
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return Socket::Listener::no_socket;
  const bool connected =
      connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  const int fault = errno;
  close(descriptor);
  if (connected) return Socket::Listener::there;
  if (fault == EAGAIN) return Socket::Listener::busy;
  if (fault == EACCES || fault == EPERM) return Socket::Listener::closed_to_us;
  return fault == ECONNREFUSED ? Socket::Listener::gone : Socket::Listener::no_socket;
}

Permissions permissions_of(const struct stat& about) {
  return {.mode = about.st_mode & 07777, .owner = about.st_uid, .group = about.st_gid};
}

std::vector<Permissions> directories_above(const fs::path& path) {
  std::vector<Permissions> found;
  const fs::path whole = fs::absolute(path);
  for (fs::path directory = whole.parent_path();; directory = directory.parent_path()) {
    struct stat about {};
    if (stat(directory.c_str(), &about) == 0) found.push_back(permissions_of(about));
    if (directory == directory.root_path()) return found;
  }
}

bool may_connect(const Socket& socket, const Account& account) {
  return allowed(socket.permissions, account, 2) &&
         std::ranges::all_of(socket.directories, [&](const Permissions& directory) {
           return allowed(directory, account, 1);
         });
}

// Somebody who owns nothing and is in no group.
const Account& stranger() {
  static const Account account{.known = true, .user = static_cast<uid_t>(-2)};
  return account;
}

std::string octal(mode_t mode) {
  constexpr const char* digits = "01234567";
  return {'0', digits[(mode >> 6) & 7], digits[(mode >> 3) & 7], digits[mode & 7]};
}

}  // namespace

Socket look_at_socket(const fs::path& path) {
  Socket socket{.path = path};
  struct stat about {};
  if (stat(path.c_str(), &about) != 0 || !S_ISSOCK(about.st_mode)) return socket;
  socket.permissions = permissions_of(about);
  socket.directories = directories_above(path);
  socket.listener = knock(path);
  return socket;
}

Findings socket_findings(const std::string& check, const Socket& socket, const Account& caller,
                         const std::string& start) {
  const std::string path = socket.path.string();
  switch (socket.listener) {
    case Socket::Listener::no_socket:
      return {fail(check, path + " is no socket", start)};
    case Socket::Listener::gone:
      return {fail(check, "nobody listens at " + path, start)};
    case Socket::Listener::closed_to_us:
      return {warn(check, path + " is closed to us", "run this as root")};
    case Socket::Listener::busy:
      return {warn(check, path + " has a full queue",
                   "see whether the worker hangs, or start more of them")};
    case Socket::Listener::there:
      break;
  }
  Findings found;
  const std::string mode = octal(socket.permissions.mode);
  if (may_connect(socket, stranger())) {
    found.push_back(fail(check,
                         "everybody on this host may connect to " + path + " (mode " + mode + ")",
                         "chmod 0660 " + path + ", or close its directory: chmod o-x " +
                             socket.path.parent_path().string()));
  }
  if (caller.known && !may_connect(socket, caller)) {
    found.push_back(fail(
        check, "the user " + caller.name + " may not connect to " + path + " (mode " + mode + ")",
        "give it and its directories a group of " + caller.name +
            ", there where they are made (SocketGroup=, tmpfiles.d)"));
  }
  if (found.empty()) found.push_back(ok(check, path));
  return found;
}

Findings all_sockets(const Sockets& sockets, const Account& nginx, const Account& worker) {
  Findings found;
  const auto add = [&](const std::string& check, const fs::path& path, const Account& caller,
                       const std::string& start) {
    for (Finding& one : socket_findings(check, look_at_socket(path), caller, start)) {
      found.push_back(std::move(one));
    }
  };
  const std::string start_workers = "systemctl start scoreboard.target";
  std::error_code unreadable;
  const auto workers = worker_sockets(sockets.runtime_directory, unreadable);
  for (const auto& [number, path] : workers) add("socket.worker", path, nginx, start_workers);
  if (workers.empty()) {
    found.push_back(fail("socket.worker",
                         "no worker has a socket in " + sockets.runtime_directory.string(),
                         start_workers));
  }
  const std::string start_live = "systemctl start scoreboard-live";
  add("socket.publish", sockets.publish, worker, start_live);
  for (const fs::path& path : sockets.live) {
    if (path != sockets.publish) add("socket.subscribe", path, nginx, start_live);
  }
  return found;
}

}  // namespace scoreboard::doctor
