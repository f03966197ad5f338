// SPDX-License-Identifier: Apache-2.0
#include "publish/connection_registry.hpp"

#include <algorithm>
#include <system_error>

#include "ops/log.hpp"
#include "publish/connection_id.hpp"
#include "publish/nchan_client.hpp"
#include "publish/user_file.hpp"

namespace scoreboard::publish {
namespace {

// Between the answer to the edge and Nchan's hook a new connection has no subscriber yet.
constexpr std::chrono::seconds arrival_max{2};

std::string channel_of(const UserId& user, const std::string& connection) {
  return "conn-" + user.str() + "-" + connection;
}

constexpr const char* replaced = R"({"type":"SESSION_REPLACED"})";
constexpr const char* ended = R"({"type":"SESSION_ENDED"})";

// Told first, so that a client knows not to come back; then closed.
void close_connection(NchanClient& nchan, const UserId& user, const std::string& connection,
                      const char* message) {
  const std::string channel = channel_of(user, connection);
  auto told = nchan.publish(channel, message);
  auto closed = nchan.remove(channel);
  if (!told || !closed) {
    log::write(log::Level::warning, "connection_not_closed",
               {{"reason", told ? closed.error().log : told.error().log}});
  }
}

bool is_gone(NchanClient& nchan, const UserId& user, const OpenConnection& connection,
             Timestamp now) {
  if (now - connection.opened_at < arrival_max) return false;
  auto state = nchan.state(channel_of(user, connection.id));
  return state && state->subscribers == 0;
}

}  // namespace

ConnectionRegistry::ConnectionRegistry(const Clock& clock, Options options)
    : clock_(clock), options_(std::move(options)) {
  std::error_code ignored;  // open() says it when it matters
  std::filesystem::create_directories(options_.directory, ignored);
}

Result<std::string> ConnectionRegistry::open(const UserId& user, const SessionId& session,
                                             int connections_max) {
  try {
    UserFile file(options_.directory / user.str());
    auto connections = file.read();
    NchanClient nchan(options_.nchan_socket);
    const Timestamp now = clock_.now();
    std::erase_if(connections, [&](const OpenConnection& connection) {
      return is_gone(nchan, user, connection, now);
    });
    while (connections.size() >= static_cast<std::size_t>(connections_max)) {
      close_connection(nchan, user, connections.front().id, replaced);
      connections.erase(connections.begin());
    }
    connections.push_back({new_connection_id(), now, session});
    file.write(connections);
    return connections.back().id;
  } catch (const std::system_error& fault) {
    return Error{.code = ErrorCode::unavailable,
                 .log = fault.what(),
                 .reason = "live connections are unavailable",
                 .retry_after = std::chrono::seconds{2}};
  }
}

void ConnectionRegistry::close_session(const UserId& user, const SessionId& session) {
  if (!has_connections(options_.directory, user)) return;
  try {
    UserFile file(options_.directory / user.str());
    auto connections = file.read();
    NchanClient nchan(options_.nchan_socket);
    std::erase_if(connections, [&](const OpenConnection& connection) {
      if (connection.session != session) return false;
      close_connection(nchan, user, connection.id, ended);
      return true;
    });
    file.write(connections);
  } catch (const std::system_error& fault) {
    log::write(log::Level::error, "connection_registry", {{"reason", fault.what()}});
  }
}

void ConnectionRegistry::subscribed(const UserId& user, const std::string& connection) {
  try {
    UserFile file(options_.directory / user.str());
    const auto connections = file.read();
    const bool known = std::any_of(connections.begin(), connections.end(),
                                   [&](const OpenConnection& c) { return c.id == connection; });
    if (!known) {
      if (connections.empty()) file.write({});
      NchanClient nchan(options_.nchan_socket);
      close_connection(nchan, user, connection, replaced);
    }
  } catch (const std::system_error& fault) {
    log::write(log::Level::error, "connection_registry", {{"reason", fault.what()}});
  }
}

void ConnectionRegistry::unsubscribed(const UserId& user, const std::string& connection) {
  try {
    UserFile file(options_.directory / user.str());
    auto connections = file.read();
    std::erase_if(connections, [&](const OpenConnection& c) { return c.id == connection; });
    file.write(connections);
  } catch (const std::system_error& fault) {
    log::write(log::Level::error, "connection_registry", {{"reason", fault.what()}});
  }
}

bool has_connections(const std::filesystem::path& directory, const UserId& user) {
  std::error_code ignored;
  return std::filesystem::exists(directory / user.str(), ignored);
}

}  // namespace scoreboard::publish
