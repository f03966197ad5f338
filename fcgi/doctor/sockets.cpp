// SPDX-License-Identifier: Apache-2.0
#include "doctor/sockets.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

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

bool lets_others_through(const fs::path& path) {
  const fs::path whole = fs::absolute(path);
  for (fs::path directory = whole.parent_path();; directory = directory.parent_path()) {
    struct stat about {};
    if (stat(directory.c_str(), &about) != 0 || (about.st_mode & S_IXOTH) == 0) return false;
    if (directory == directory.root_path()) return true;
  }
}

// By the socket's own mode; the directories above are root's to arrange.
bool may_connect(const Socket& socket, const Account& account) {
  if (account.user == 0) return true;
  if (account.user == socket.owner) return (socket.mode & S_IWUSR) != 0;
  if (std::ranges::find(account.groups, socket.group) != account.groups.end()) {
    return (socket.mode & S_IWGRP) != 0;
  }
  return (socket.mode & S_IWOTH) != 0;
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
  socket.mode = about.st_mode & 07777;
  socket.owner = about.st_uid;
  socket.group = about.st_gid;
  socket.reachable_by_others = lets_others_through(path);
  socket.listener = knock(path);
  return socket;
}

Account look_at_account(const std::string& name) {
  Account account{.name = name};
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 16384> space{};
  if (getpwnam_r(name.c_str(), &entry, space.data(), space.size(), &found) != 0 ||
      found == nullptr) {
    return account;
  }
  account.known = true;
  account.user = entry.pw_uid;
  account.groups.resize(256);
  int count = static_cast<int>(account.groups.size());
  getgrouplist(name.c_str(), entry.pw_gid, account.groups.data(), &count);
  account.groups.resize(static_cast<std::size_t>(std::clamp(count, 0, 256)));
  return account;
}

Findings socket_findings(const std::string& check, const Socket& socket, const Account& nginx,
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
  if (socket.reachable_by_others && (socket.mode & S_IWOTH) != 0) {
    found.push_back(
        fail(check,
             "everybody on this host may connect to " + path + " (mode " + octal(socket.mode) + ")",
             "chmod 0660 " + path + ", or close its directory: chmod o-x " +
                 socket.path.parent_path().string()));
  }
  if (nginx.known && !may_connect(socket, nginx)) {
    found.push_back(fail(check,
                         "Nginx's user " + nginx.name + " may not connect to " + path + " (mode " +
                             octal(socket.mode) + ")",
                         "chgrp " + nginx.name + " " + path + " && chmod 0660 " + path +
                             ", and the same where it is made (SocketGroup=)"));
  }
  if (found.empty()) found.push_back(ok(check, path));
  return found;
}

Findings all_sockets(const fs::path& runtime_directory, const fs::path& nchan_socket,
                     const Account& nginx) {
  Findings found;
  const auto add = [&](const std::string& check, const fs::path& path, const std::string& start) {
    for (Finding& one : socket_findings(check, look_at_socket(path), nginx, start)) {
      found.push_back(std::move(one));
    }
  };
  const std::string start_workers = "systemctl start scoreboard.target";
  std::vector<fs::path> workers;
  std::error_code fault;
  for (fs::directory_iterator entry(runtime_directory, fault), end; !fault && entry != end;
       entry.increment(fault)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with("worker-") && name.ends_with(".sock")) workers.push_back(entry->path());
  }
  std::ranges::sort(workers);
  for (const fs::path& path : workers) add("socket.worker", path, start_workers);
  if (workers.empty()) {
    found.push_back(fail("socket.worker", "no worker has a socket in " + runtime_directory.string(),
                         start_workers));
  }
  const std::string start_live = "systemctl start scoreboard-live";
  add("socket.publish", nchan_socket, start_live);
  add("socket.subscribe", nchan_socket.parent_path() / "subscribe.sock", start_live);
  return found;
}

}  // namespace scoreboard::doctor
