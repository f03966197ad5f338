// SPDX-License-Identifier: Apache-2.0
// At most three live connections a user on this host; the fourth closes the oldest, and the end of
// a session closes those it opened (ended_sessions.hpp: also when it ends on another host).
//
// Every connection has a channel of its own in Nchan (conn-<user>-<connection>), multiplexed with
// the one it watches: deleting that channel closes exactly that connection. The registry is one
// small file per user in the runtime directory, changed under flock, shared by the host's workers
// and empty after a reboot like the connections themselves.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "board/ids.hpp"
#include "ops/clock.hpp"
#include "outcome/result.hpp"

namespace scoreboard::publish {

class ConnectionRegistry {
 public:
  struct Options {
    std::filesystem::path directory;  // <runtime>/connections
    std::filesystem::path nchan_socket;
  };
  ConnectionRegistry(const Clock& clock, Options options);

  // Makes room for one of `connections_max` (the evicted are told SESSION_REPLACED, then closed)
  // and returns a new connection's id: 16 hex digits. unavailable when the directory cannot be
  // written.
  Result<std::string> open(const UserId& user, const SessionId& session, int connections_max);
  // What the session opened is told SESSION_ENDED, then closed.
  void close_session(const UserId& user, const SessionId& session);
  // Nchan's subscribe hook. A connection that lost its place before it subscribed is closed
  // now.
  void subscribed(const UserId& user, const std::string& connection);
  // Nchan's unsubscribe hook.
  void unsubscribed(const UserId& user, const std::string& connection);

 private:
  const Clock& clock_;
  Options options_;
};

// Whether the publisher need tell this user anything.
bool has_connections(const std::filesystem::path& directory, const UserId& user);

}  // namespace scoreboard::publish
