// SPDX-License-Identifier: Apache-2.0
// What each check says of what was seen: good, doubtful, bad.
#include <boost/test/unit_test.hpp>

#include "doctor/clock.hpp"
#include "doctor/database.hpp"
#include "doctor/disk.hpp"
#include "doctor/keys.hpp"
#include "doctor/nginx.hpp"
#include "doctor/owner_and_standby.hpp"
#include "doctor/sockets.hpp"

using namespace scoreboard;
using namespace scoreboard::doctor;
using namespace std::chrono_literals;

namespace {

// The level of the one finding of this check; its advice is there exactly if all is not well.
Level level_of(const Findings& findings, const std::string& check) {
  const Finding* found = nullptr;
  for (const Finding& finding : findings) {
    BOOST_TEST(finding.advice.empty() == (finding.level == Level::ok), finding.what);
    if (finding.check != check) continue;
    BOOST_REQUIRE_MESSAGE(found == nullptr, check << " is told twice");
    found = &finding;
  }
  BOOST_REQUIRE_MESSAGE(found != nullptr, check << " is not told");
  return found->level;
}
Level level_of(const Finding& finding) {
  return level_of(Findings{finding}, finding.check);
}

void is(Level seen, Level wanted) {
  BOOST_TEST(static_cast<int>(seen) == static_cast<int>(wanted));
}

const NginxProgram debian{.found = true,
                          .version = "1.22.1",
                          .package = "1.22.1-9+deb12u11",
                          .package_is_older = false,
                          .has_nchan = true,
                          .nchan = "1.3.6"};

}  // namespace

BOOST_AUTO_TEST_SUITE(findings)

BOOST_AUTO_TEST_CASE(nginx_must_be_there_and_new_enough) {
  is(level_of(program_findings(debian), "nginx.version"), Level::ok);
  is(level_of(program_findings(debian), "nginx.nchan"), Level::ok);
  is(level_of(program_findings({}), "nginx.version"), Level::fail);
  NginxProgram nginx = debian;
  nginx.version = "1.18.0";
  is(level_of(program_findings(nginx), "nginx.version"), Level::fail);
  nginx = debian;
  nginx.package_is_older = true;
  is(level_of(program_findings(nginx), "nginx.version"), Level::warn);
  nginx = debian;
  nginx.has_nchan = false;
  is(level_of(program_findings(nginx), "nginx.nchan"), Level::fail);
  nginx = debian;
  nginx.nchan = "1.2.15";
  is(level_of(program_findings(nginx), "nginx.nchan"), Level::fail);
  nginx.nchan = "";  // not from a package
  is(level_of(program_findings(nginx), "nginx.nchan"), Level::ok);
}

BOOST_AUTO_TEST_CASE(the_edge_needs_two_connections_for_each_subscriber) {
  const NginxInstance edge{
      .file = "/n", .readable = true, .processes = 2, .connections = 768, .files = 1024};
  is(level_of(edge_findings(edge, 768), "edge.connections"), Level::ok);
  const auto found = edge_findings(edge, 769);
  is(level_of(found, "edge.connections"), Level::fail);
  // What is advised is enough.
  NginxInstance better = edge;
  better.connections = 961;
  better.files = 961 + 64;
  BOOST_TEST(found.front().advice.find("worker_connections 961;") != std::string::npos,
             found.front().advice);
  is(level_of(edge_findings(better, 769), "edge.connections"), Level::ok);
  better.files = 800;  // now these are too few
  is(level_of(edge_findings(better, 769), "edge.connections"), Level::fail);
  better.files = -1;
  is(level_of(edge_findings(better, 769), "edge.files"), Level::warn);
  is(level_of(edge_findings({.file = "/n"}, 1), "edge.configuration"), Level::fail);
}

BOOST_AUTO_TEST_CASE(the_edge_has_a_bound_at_each_line_of_a_worker) {
  NginxInstance edge{.file = "/n", .readable = true};
  const auto level = [&] { return level_of(overload_finding(edge, "/run/s")); };
  edge.upstream = {{.socket = "/run/s/worker-1.sock", .file = "/w", .bounded = true},
                   {.socket = "/run/other/worker-1.sock", .file = "/o", .bounded = false}};
  is(level(), Level::ok);
  edge.upstream.push_back({.socket = "/run/s/worker-2.sock", .file = "/w", .bounded = false});
  is(level(), Level::warn);
  BOOST_TEST(overload_finding(edge, "/run/s").advice.starts_with("in /w: "));
  edge.upstream.clear();
  is(level(), Level::warn);
}

BOOST_AUTO_TEST_CASE(the_live_nginx_has_one_process_and_a_connection_for_each_subscriber) {
  NginxInstance live{
      .file = "/n", .readable = true, .processes = 1, .connections = 10000, .files = 20000};
  is(level_of(live_findings(live, 10000), "live.connections"), Level::ok);
  is(level_of(live_findings(live, 10001), "live.connections"), Level::fail);
  is(level_of(live_findings(live, 1), "live.processes"), Level::ok);
  live.processes = 2;
  is(level_of(live_findings(live, 1), "live.processes"), Level::fail);
}

BOOST_AUTO_TEST_CASE(a_socket_has_a_listener_lets_nginx_in_and_nobody_else) {
  const Account nginx{.name = "www-data", .known = true, .user = 33, .group = 33, .groups = {33}};
  Socket socket{.path = "/run/s/w.sock",
                .listener = Socket::Listener::there,
                .permissions = {.mode = 0660, .owner = 0, .group = 33},
                .directories = {{.mode = 0755}, {.mode = 0755}}};
  const auto level = [&] { return level_of(socket_findings("s", socket, nginx, "start it"), "s"); };
  is(level(), Level::ok);
  socket.permissions.group = 0;
  is(level(), Level::fail);
  socket.permissions.owner = 33;
  is(level(), Level::ok);
  socket.permissions.mode = 0460;
  is(level(), Level::fail);
  socket.permissions.mode = 0666;
  is(level(), Level::fail);  // everybody
  socket.directories.front() = {.mode = 0750, .owner = 0, .group = 33};
  is(level(), Level::ok);  // whom that directory lets through
  socket.directories.front() = {.mode = 0750, .owner = 0, .group = 0};
  is(level(), Level::fail);  // and now nobody
  socket.directories.clear();
  socket.permissions.mode = 0660;
  socket.listener = Socket::Listener::gone;
  is(level(), Level::fail);
  socket.listener = Socket::Listener::no_socket;
  is(level(), Level::fail);
  socket.listener = Socket::Listener::busy;
  is(level(), Level::warn);
  socket.listener = Socket::Listener::closed_to_us;
  is(level(), Level::warn);
}

BOOST_AUTO_TEST_CASE(keys_are_readable_and_not_too_old) {
  is(level_of(key_finding("k", {.path = "/k", .keys = 1, .age = 365 * 24h})), Level::ok);
  is(level_of(key_finding("k", {.path = "/k", .keys = 1, .age = 365 * 24h + 1h})), Level::warn);
  is(level_of(key_finding("k", {.path = "/k", .complaint = "gone"})), Level::fail);
}

BOOST_AUTO_TEST_CASE(a_clock_is_synchronised_within_two_seconds) {
  is(level_of(clock_finding({.known = true, .synchronised = true, .error_max = 2s})), Level::ok);
  is(level_of(clock_finding({.known = true, .synchronised = true, .error_max = 2000001us})),
     Level::warn);
  is(level_of(clock_finding({.known = true, .synchronised = false})), Level::warn);
  is(level_of(clock_finding({})), Level::warn);
}

BOOST_AUTO_TEST_CASE(space_is_counted_in_bytes_and_in_files) {
  Space space{.directory = "/d",
              .known = true,
              .bytes = 1000,
              .bytes_free = 150,
              .files = 1000,
              .files_free = 150};
  const auto level = [&] { return level_of(space_finding("d", "it", space)); };
  is(level(), Level::ok);
  space.bytes_free = 149;
  is(level(), Level::warn);
  space.bytes_free = 50;
  is(level(), Level::warn);
  space.bytes_free = 49;
  is(level(), Level::fail);
  space.bytes_free = 900;
  space.files_free = 49;
  is(level(), Level::fail);
  space.files = 0;  // not counted
  is(level(), Level::ok);
  space.known = false;
  is(level(), Level::fail);
}

BOOST_AUTO_TEST_CASE(the_snapshot_is_best_in_memory) {
  is(level_of(snapshot_place_finding({.directory = "/d", .known = true, .in_memory = true})),
     Level::ok);
  is(level_of(snapshot_place_finding({.directory = "/d", .known = true})), Level::warn);
}

BOOST_AUTO_TEST_CASE(postgresql_keeps_what_it_was_given) {
  DatabaseAbout about{
      .postgresql = true,
      .settings = {{"fsync", "on"}, {"full_page_writes", "on"}, {"synchronous_commit", "on"}},
      .role = "scoreboard"};
  const auto level = [&](const char* check) { return level_of(database_findings(about), check); };
  for (const char* check :
       {"database.reach", "database.schema", "database.fsync", "database.full_page_writes",
        "database.synchronous_commit", "database.role"}) {
    is(level(check), Level::ok);
  }
  about.settings["fsync"] = "off";
  is(level("database.fsync"), Level::fail);
  about.settings["full_page_writes"] = "off";
  is(level("database.full_page_writes"), Level::fail);
  about.settings["synchronous_commit"] = "off";  // the workers turn it on
  is(level("database.synchronous_commit"), Level::warn);
  about.may_change_events = true;
  is(level("database.role"), Level::fail);
  about.schema_complaint = "old";
  is(level("database.schema"), Level::fail);
}

BOOST_AUTO_TEST_CASE(sqlite_has_a_wal_and_syncs_it) {
  DatabaseAbout about{.settings = {{"journal_mode", "wal"}, {"synchronous", "2"}}};
  const auto level = [&](const char* check) { return level_of(database_findings(about), check); };
  is(level("database.journal_mode"), Level::ok);
  is(level("database.synchronous"), Level::ok);
  about.settings = {{"journal_mode", "delete"}, {"synchronous", "1"}};
  is(level("database.journal_mode"), Level::fail);
  is(level("database.synchronous"), Level::fail);
}

BOOST_AUTO_TEST_CASE(connections_are_enough_for_the_workers_and_a_few_others) {
  DatabaseAbout about{.postgresql = true, .role = "scoreboard", .connections = 21};
  const auto level = [&] { return level_of(connections_finding("c", about, 16)); };
  is(level(), Level::ok);
  about.connections = 20;
  is(level(), Level::warn);
  about.connections = 15;
  is(level(), Level::fail);
}

BOOST_AUTO_TEST_CASE(a_standby_is_one_of_the_same_database_that_keeps_up) {
  const DatabaseAbout primary{
      .postgresql = true, .identity = "1/scoreboard", .journal_seq = JournalSeq{9}};
  DatabaseAbout standby = primary;
  standby.standby = true;
  const auto level = [&](const char* check) {
    return level_of(standby_findings(standby, primary), check);
  };
  is(level("database.replica"), Level::ok);
  is(level("database.replica_lag"), Level::ok);
  standby.journal_seq = JournalSeq{8};
  is(level("database.replica_lag"), Level::warn);
  standby.standby = false;
  is(level("database.replica"), Level::warn);
  standby.schema_complaint = "old";
  is(level("database.replica_lag"), Level::fail);
  standby.identity = "2/scoreboard";
  is(level("database.replica"), Level::fail);
  const Error away{.code = ErrorCode::unavailable, .log = "connection refused"};
  is(level_of(standby_findings(away, primary), "database.replica"), Level::fail);
}

BOOST_AUTO_TEST_CASE(the_owner_owns_the_tables_of_the_same_database) {
  const DatabaseAbout workers{.postgresql = true, .identity = "1/scoreboard"};
  DatabaseAbout owner = workers;
  owner.owns_tables = true;
  const auto level = [&] { return level_of(owner_findings(owner, workers), "database.owner"); };
  is(level(), Level::ok);
  owner.owns_tables = false;
  is(level(), Level::fail);
  owner = workers;
  owner.identity = "1/another";
  owner.owns_tables = true;
  is(level(), Level::fail);
}

BOOST_AUTO_TEST_CASE(a_disk_that_was_not_seen_is_told) {
  is(level_of(unseen_disk_finding("scoreboard", true)), Level::warn);
  is(level_of(unseen_disk_finding("scoreboard", false)), Level::warn);
}

BOOST_AUTO_TEST_CASE(a_database_that_is_away_is_told_with_its_reason) {
  const Error away{.code = ErrorCode::unavailable, .log = "connection refused"};
  const auto found = database_findings(away);
  is(level_of(found, "database.reach"), Level::fail);
  BOOST_TEST(found.front().what == "connection refused");
}

BOOST_AUTO_TEST_SUITE_END()
