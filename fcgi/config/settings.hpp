// SPDX-License-Identifier: Apache-2.0
// Everything that can be set, with its default. key_table.cpp is the one table that names each key
// with its meaning, unit and range; the file, the environment, `scoreboardctl config default` and
// the error messages all come from it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "board/ids.hpp"

namespace scoreboard::config {

struct Settings {
  struct Database {
    std::string uri = "sqlite:///var/lib/scoreboard/scoreboard.db";
    std::string owner_uri;    // migrations and retention; empty: uri
    std::string replica_uri;  // reads that may be a moment old; empty: uri
    int committers = 2;       // connections that award; SQLite has one writer
    int readers = 4;          // connections for reading
    std::string isolation = std::string(read_committed);  // or serializable; PostgreSQL only

    static constexpr std::string_view read_committed = "read committed";
    static constexpr std::string_view serializable = "serializable";

    const std::string& owner() const { return owner_uri.empty() ? uri : owner_uri; }
  } database;

  struct Boards {
    std::string periods = "day,week,month";  // besides the all-time board
    std::string time_zone = "UTC";           // where days, weeks and months begin
  } boards;

  struct Server {
    int threads = 64;
    std::int64_t body_bytes_max = 8192;
    std::chrono::milliseconds queue_wait_max{2000};
    std::int64_t queue_waiting_max = 4096;
  } server;

  struct Auth {
    std::string issuer = "scoreboard";
    std::filesystem::path access_keys = "/etc/scoreboard/keys/access.jwks";
    std::filesystem::path action_keys = "/etc/scoreboard/keys/action.jwks";
    std::chrono::seconds access_lifetime{3600};
    std::chrono::seconds session_lifetime{30 * 24 * 3600};
    std::chrono::seconds realtime_lifetime{60};
    std::chrono::seconds timestamp_window{300};
    int password_cost = 5;
    int password_concurrency = 1;  // hashes at once in one process
  } auth;

  struct Limits {
    int awards = 10;                         // per player ...
    std::chrono::seconds awards_window{60};  // ... in any window of this length
    int connections = 3;                     // live connections per player
    int login_failures = 5;                  // wrong passwords per account before the first wait
    std::chrono::seconds login_wait_max{60};
    int refusals = 100;               // by Nginx, of one address in a minute; one more ...
    std::chrono::seconds block{300};  // ... and the address is blocked for so long
  } limits;

  // Contract A: points by action type. Contract B: delta is clamped to [1, delta_max].
  std::map<std::string, std::int64_t> points = {{"COMPLETE_TASK", 10},
                                                {"COMPLETE_LEVEL", 25},
                                                {"WIN_MATCH", 50},
                                                {"DAILY_LOGIN", 5},
                                                {"INVITE_FRIEND", 20}};
  std::int64_t delta_max = 10;  // [increment] delta_max

  // Whose tokens POST /api/auth/exchange takes.
  struct Issuer {
    std::string issuer;  // iss
    std::string audience;
    std::filesystem::path keys;
    std::string algorithms = "RS256,ES256,EdDSA";
    std::string username_claim = "preferred_username";  // empty: none
  };
  std::map<std::string, Issuer> issuers;  // [issuers.NAME]

  struct Live {
    std::filesystem::path runtime_directory = "/run/scoreboard";
    std::filesystem::path snapshot_directory = "/run/scoreboard/board";
    std::filesystem::path nchan_socket = "/run/scoreboard/live/publish.sock";
    std::chrono::milliseconds poll{25};
    std::chrono::milliseconds spacing{50};
    int subscribers_wanted = 250;  // by which `scoreboardctl doctor` measures the host
  } live;

  struct Traces {
    std::string endpoint;  // of an OpenTelemetry collector; empty: no traces
    int sample_permille = 10;
    int trust_callers = 0;  // 1: a caller's word that it records a trace counts
  } traces;
};

}  // namespace scoreboard::config
