// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

#include <type_traits>
#include <vector>

namespace scoreboard::config {
namespace {

// A member of Settings as a Value and back, whatever its own type.
template <class Member>
Value to_value(const Member& member) {
  if constexpr (std::is_integral_v<Member>) {
    return std::int64_t{member};
  } else if constexpr (std::is_constructible_v<std::string, const Member&>) {
    return std::string(member);
  } else {
    return std::int64_t{member.count()};
  }
}

template <class Member>
void from_value(Member& member, const Value& value) {
  if constexpr (std::is_integral_v<Member>) {
    // Every range of the table fits its member.
    member = static_cast<Member>(std::get<std::int64_t>(value));
  } else if constexpr (std::is_constructible_v<std::string, const Member&>) {
    member = std::get<std::string>(value);
  } else {
    member = Member{std::get<std::int64_t>(value)};
  }
}

struct Range {
  std::int64_t min;
  std::int64_t max;
};

constexpr Taken at_start = Taken::at_start;
constexpr Taken at_reload = Taken::at_reload;

template <class Group, class Member>
Key key(std::string_view section, std::string_view name, Group Settings::*group,
        Member Group::*member, std::string_view unit, Range range, Taken taken,
        std::string_view meaning) {
  constexpr bool text = std::is_constructible_v<std::string, const Member&>;
  return {.section = section,
          .name = name,
          .type = text ? Type::text : Type::integer,
          .unit = unit,
          .min = range.min,
          .max = range.max,
          .taken = taken,
          .meaning = meaning,
          .get = [=](const Settings& settings) { return to_value(settings.*group.*member); },
          .set = [=](Settings& settings,
                     const Value& value) { from_value(settings.*group.*member, value); }};
}

constexpr std::int64_t day_s = 86400;
constexpr Range path_bytes{1, 4095};   // PATH_MAX without its zero
constexpr Range socket_bytes{1, 107};  // sockaddr_un::sun_path without its zero
constexpr Range text_bytes{1, 1024};
constexpr Range maybe_text_bytes{0, 1024};

std::vector<Key> database_keys() {
  const auto group = &Settings::database;
  using Group = Settings::Database;
  return {
      key("database", "uri", group, &Group::uri, "", text_bytes, at_start,
          "Where everything is kept: sqlite:// and the file's path, or the URI of a PostgreSQL "
          "database as libpq reads it, with one host or several. Without a password: name a file "
          "with ?passfile=, or use peer authentication."),
      key("database", "owner_uri", group, &Group::owner_uri, "", maybe_text_bytes, at_start,
          "The same PostgreSQL database as its owner, for `scoreboardctl migrate` and `retention`. "
          "The workers' own role can add events and not change them. Empty: uri."),
      key("database", "replica_uri", group, &Group::replica_uri, "", maybe_text_bytes, at_start,
          "A streaming standby of that PostgreSQL database, or several, for reading boards, deep "
          "pages and neighbours, which may then be up to two seconds old; never for awards, "
          "receipts, accounts or a player's own rank. While it is away or further behind the "
          "primary is read. Empty: none."),
      key("database", "committers", group, &Group::committers, "connections", {1, 16}, at_start,
          "Connections of one worker that award. With two, one prepares while the other waits for "
          "the disk. SQLite has one writer, whatever this says."),
      key("database", "readers", group, &Group::readers, "connections", {1, 64}, at_start,
          "Connections of one worker that only read. Writing has connections of its own."),
      key("database", "isolation", group, &Group::isolation, "", text_bytes, at_start,
          "At which level PostgreSQL's transactions write: \"read committed\", where locks on rows "
          "do what is needed, or \"serializable\", where the server watches as well and awards "
          "take turns: slower, with the same results (docs/decisions/0004). SQLite is serializable "
          "whatever this says."),
  };
}

std::vector<Key> boards_keys() {
  const auto group = &Settings::boards;
  using Group = Settings::Boards;
  return {
      key("boards", "periods", group, &Group::periods, "", maybe_text_bytes, at_start,
          "Boards that begin again, besides the all-time board: day, week, month, with commas "
          "between. Every action counts on each of them."),
      key("boards", "time_zone", group, &Group::time_zone, "", text_bytes, at_start,
          "Where days begin, a name of the IANA time zone database such as Europe/Vienna. Weeks "
          "begin on Monday. Change it only on a board without events: the running periods would "
          "begin anew."),
  };
}

std::vector<Key> server_keys() {
  const auto group = &Settings::server;
  using Group = Settings::Server;
  return {
      key("server", "threads", group, &Group::threads, "threads", {1, 1024}, at_start,
          "Requests that one worker serves at once. Most of them wait for a commit, so there are "
          "many more than cores."),
      key("server", "body_bytes_max", group, &Group::body_bytes_max, "bytes", {1024, 1048576},
          at_start,
          "A longer request body is refused with 413. Nginx has a limit of its own "
          "(client_max_body_size), which should not be lower."),
      key("server", "queue_wait_max_ms", group, &Group::queue_wait_max, "milliseconds", {10, 60000},
          at_reload, "An action that no commit has taken up within this time is refused with 503."),
      key("server", "queue_waiting_max", group, &Group::queue_waiting_max, "actions", {1, 1000000},
          at_reload,
          "Actions that may wait for a commit in one worker. Further ones are refused with 503 at "
          "once."),
  };
}

std::vector<Key> auth_keys() {
  const auto group = &Settings::auth;
  using Group = Settings::Auth;
  return {
      key("auth", "issuer", group, &Group::issuer, "", {1, 255}, at_start,
          "The issuer (iss) that our tokens carry and that is asked of them."),
      key("auth", "access_keys", group, &Group::access_keys, "", path_bytes, at_start,
          "File with the JWK Set that signs access tokens. `scoreboardctl key new` makes and "
          "rotates it; workers see a replaced file within two seconds. The installed units name "
          "copies of their own here (LoadCredential), which win over this file and are made anew "
          "by "
          "a restart of both workers."),
      key("auth", "action_keys", group, &Group::action_keys, "", path_bytes, at_start,
          "File with the JWK Set from which each session's action key is derived. Replaced as "
          "access_keys is."),
      key("auth", "access_lifetime_s", group, &Group::access_lifetime, "seconds", {60, 3600},
          at_reload,
          "How long an access token is good. A shorter life is a smaller loss when one is stolen. "
          "Once it is made shorter, tokens of a longer life are refused, and their holders "
          "refresh."),
      key("auth", "session_lifetime_s", group, &Group::session_lifetime, "seconds",
          {3600, 400 * day_s}, at_reload,
          "How long a session can be refreshed. After it the player logs in again."),
      key("auth", "realtime_lifetime_s", group, &Group::realtime_lifetime, "seconds", {5, 3600},
          at_reload,
          "How long the token that opens a live connection is good. The connection may last "
          "longer."),
      key("auth", "timestamp_window_s", group, &Group::timestamp_window, "seconds", {1, 3600},
          at_reload, "How far an action's timestamp may be from the server's time, either way."),
      key("auth", "password_cost", group, &Group::password_cost, "", {1, 11}, at_start,
          "Cost of a password hash on yescrypt's own scale. 5 takes about 25 ms and 16 MB; each "
          "step doubles the time."),
      key("auth", "password_concurrency", group, &Group::password_concurrency, "hashes", {1, 64},
          at_start,
          "Password hashes that one worker computes at once. Four times as many logins may wait; "
          "further ones are refused with 503 at once, so that they cannot starve the board."),
  };
}

std::vector<Key> limit_keys() {
  const auto group = &Settings::limits;
  using Group = Settings::Limits;
  return {
      key("limits", "awards", group, &Group::awards, "actions", {1, 1000000}, at_reload,
          "Actions of one player that count in any window of awards_window_s. Further ones are "
          "refused with 429."),
      key("limits", "awards_window_s", group, &Group::awards_window, "seconds", {1, day_s},
          at_reload,
          "Length of that window. It slides: there is no moment at which the count begins anew."),
      key("limits", "connections", group, &Group::connections, "connections", {1, 100}, at_reload,
          "Live connections of one player. One more closes the oldest."),
      key("limits", "login_failures", group, &Group::login_failures, "passwords", {1, 1000},
          at_reload,
          "Wrong passwords for one account after which the next one has to wait: a second, then "
          "twice as long each time. They are forgotten after 15 minutes without one."),
      key("limits", "login_wait_max_s", group, &Group::login_wait_max, "seconds", {1, 3600},
          at_reload,
          "The longest such wait. Places from which the player logged in before are not held up "
          "by guesses from elsewhere."),
      key("limits", "refusals", group, &Group::refusals, "requests", {1, 1000000}, at_reload,
          "Requests of one address that Nginx may refuse for its limits within a minute. If there "
          "are more, everything from there is refused for block_s."),
      key("limits", "block_s", group, &Group::block, "seconds", {1, day_s}, at_reload,
          "How long an address that went on is blocked. Nginx tells it as Retry-After, so its "
          "configuration is to be written anew after a change."),
  };
}

Key delta_key() {
  return {.section = "increment",
          .name = "delta_max",
          .type = Type::integer,
          .unit = "points",
          .min = 1,
          .max = 1000000,
          .taken = at_reload,
          .meaning =
              "The most that one action of POST /api/scores/increment is worth. What a client asks "
              "for is cut to the range from 1 to this.",
          .get = [](const Settings& settings) { return Value{settings.delta_max}; },
          .set = [](Settings& settings,
                    const Value& value) { settings.delta_max = std::get<std::int64_t>(value); }};
}

std::vector<Key> live_keys() {
  const auto group = &Settings::live;
  using Group = Settings::Live;
  return {
      key("live", "runtime_directory", group, &Group::runtime_directory, "", path_bytes, at_start,
          "For locks, sockets and the list of live connections; shared by this host's workers and "
          "empty after a reboot."),
      key("live", "snapshot_directory", group, &Group::snapshot_directory, "", path_bytes, at_start,
          "Where the board is written for Nginx to serve. Best on tmpfs."),
      key("live", "nchan_socket", group, &Group::nchan_socket, "", socket_bytes, at_start,
          "Unix socket on which the live Nginx takes what is published."),
      key("live", "poll_ms", group, &Group::poll, "milliseconds", {10, 10000}, at_start,
          "How often each worker looks for what other workers and hosts have counted: a read of "
          "one "
          "row. What is committed is known everywhere after this time and that of the read."),
      key("live", "spacing_ms", group, &Group::spacing, "milliseconds", {1, 10000}, at_start,
          "Shortest time between two boards sent to the audience: 50 is 20 boards a second."),
      key("live", "subscribers_wanted", group, &Group::subscribers_wanted, "connections",
          {1, 1000000}, at_reload,
          "Live connections that this host is to hold at once. Nothing enforces it: `scoreboardctl "
          "doctor` tells whether Nginx and its file limits have room for so many."),
  };
}

std::vector<Key> trace_keys() {
  const auto group = &Settings::traces;
  using Group = Settings::Traces;
  return {
      key("traces", "endpoint", group, &Group::endpoint, "", maybe_text_bytes, at_start,
          "Where traces are sent: the URL of an OpenTelemetry collector that takes OTLP over HTTP "
          "as JSON, such as http://127.0.0.1:4318/v1/traces. Empty: no traces."),
      key("traces", "sample_permille", group, &Group::sample_permille, "of 1000 requests",
          {0, 1000}, at_start, "How many requests are recorded, chosen by us."),
      key("traces", "trust_callers", group, &Group::trust_callers, "", {0, 1}, at_start,
          "1: a request whose traceparent says that its caller records it is recorded besides, and "
          "the others are chosen by their trace's id, which every service chooses alike. Only "
          "where "
          "no stranger can call, or where the edge before us drops that field: anybody could have "
          "everything recorded. 0: the caller's trace id is kept, and we alone decide."),
  };
}

std::vector<Key> make_keys() {
  std::vector<Key> all;
  for (auto& section : {database_keys(), boards_keys(), server_keys(), auth_keys(), limit_keys(),
                        std::vector<Key>{delta_key()}, live_keys(), trace_keys()}) {
    all.insert(all.end(), section.begin(), section.end());
  }
  return all;
}

}  // namespace

std::span<const Key> keys() {
  static const std::vector<Key> all = make_keys();
  return all;
}

}  // namespace scoreboard::config
