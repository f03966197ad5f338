// SPDX-License-Identifier: Apache-2.0
// The sources and their order: file, conf.d, environment, command line.
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "config/load.hpp"
#include "unit/config/scratch_file.hpp"

using namespace scoreboard::config;
namespace fs = std::filesystem;

namespace {

// A directory with scoreboard.toml and conf.d.
class Host {
 public:
  explicit Host(const std::string& main) {
    std::string pattern = fs::temp_directory_path() / "scoreboard-conf-XXXXXX";
    BOOST_REQUIRE(mkdtemp(pattern.data()) != nullptr);
    directory_ = pattern;
    fs::create_directory(directory_ / "conf.d");
    std::ofstream(file()) << main;
  }
  ~Host() { fs::remove_all(directory_); }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  fs::path file() const { return directory_ / "scoreboard.toml"; }
  fs::path piece(const std::string& name) const { return directory_ / "conf.d" / name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(piece(name)) << text;
  }

 private:
  fs::path directory_;
};

void good(const Loaded& loaded) {
  for (const Fault& fault : loaded.faults) BOOST_ERROR(to_string(fault));
}

std::string only_fault(const Loaded& loaded) {
  BOOST_REQUIRE(loaded.faults.size() == 1U);
  return to_string(loaded.faults.front());
}

std::string assignment_fault(const std::string& assignment) {
  return only_fault(load({}, {}, {assignment}));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_sources)

BOOST_AUTO_TEST_CASE(each_source_wins_over_those_before_it) {
  const Host host(
      "[server]\nthreads = 1\nbody_bytes_max = 2001\n[limits]\nawards = 1\nconnections = 1\n");
  host.write("10-one.toml", "[server]\nthreads = 2\n[limits]\nawards = 2\nconnections = 2\n");
  host.write("20-two.toml", "[server]\nthreads = 3\n[limits]\nawards = 3\n");
  const auto loaded =
      load(host.file(), {{"SCOREBOARD_LIMITS_AWARDS", "4"}, {"SCOREBOARD_SERVER_THREADS", "4"}},
           {"server.threads=5"});
  good(loaded);
  BOOST_TEST(loaded.settings.server.threads == 5);
  BOOST_TEST(loaded.settings.limits.awards == 4);
  BOOST_TEST(loaded.settings.limits.connections == 2);
  BOOST_TEST(loaded.settings.server.body_bytes_max == 2001);
  BOOST_TEST(loaded.settings.limits.refusals == 100);
  const auto from = [&](const char* key) { return to_string(loaded.origin.at(key)); };
  BOOST_TEST(from("server.threads") == "--set");
  BOOST_TEST(from("limits.awards") == "SCOREBOARD_LIMITS_AWARDS");
  BOOST_TEST(from("limits.connections") == host.piece("10-one.toml").string() + ":5");
  BOOST_TEST(from("server.body_bytes_max") == host.file().string() + ":3");
  BOOST_TEST(from("limits.refusals") == "default");
}

BOOST_AUTO_TEST_CASE(conf_d_is_read_by_name_whatever_the_order_of_the_directory) {
  const Host host("");
  for (const char* name : {"b.toml", "c.toml", "a.toml", "B.toml"}) {
    host.write(name, "[auth]\nissuer = \"" + std::string(name) + "\"\n");
  }
  BOOST_TEST(load(host.file(), {}).settings.auth.issuer == "c.toml");
}

BOOST_AUTO_TEST_CASE(what_is_no_toml_file_of_conf_d_is_passed_over) {
  const Host host("");
  for (const char* name : {"x.toml.dpkg-old", "x.toml~", ".x.toml", "README"}) {
    host.write(name, "not at all");
  }
  good(load(host.file(), {}));
  good(load({}, {}));
}

BOOST_AUTO_TEST_CASE(a_points_table_of_conf_d_changes_single_entries) {
  const Host host("[points]\nJUMP = 3\nRUN = 4\n");
  host.write("a.toml", "[points]\nRUN = 5\nFLY = 6\n");
  const auto loaded = load(host.file(), {}, {"points.FLY=7", "points.SWIM=8"});
  good(loaded);
  const std::map<std::string, std::int64_t> expected{
      {"FLY", 7}, {"JUMP", 3}, {"RUN", 5}, {"SWIM", 8}};
  BOOST_TEST((loaded.settings.points == expected));
  BOOST_TEST(to_string(loaded.origin.at("points.RUN")) == host.piece("a.toml").string() + ":2");
}

BOOST_AUTO_TEST_CASE(an_issuer_may_be_spread_over_the_sources) {
  const Host host("[issuers.acme]\nissuer = \"a\"\n");
  host.write("a.toml", "[issuers.acme]\naudience = \"us\"\n");
  const auto loaded = load(host.file(), {}, {"issuers.acme.keys=/k/a=b"});
  good(loaded);
  BOOST_TEST(loaded.settings.issuers.at("acme").keys.string() == "/k/a=b");
  BOOST_TEST(only_fault(load(host.file(), {})) ==
             host.file().string() + ":1:1: [issuers.acme] has no keys");
  BOOST_TEST(only_fault(load({}, {{"SCOREBOARD_ISSUERS_ACME_ISSUER", "a"},
                                  {"SCOREBOARD_ISSUERS_ACME_KEYS", "/k"}})) ==
             "SCOREBOARD_ISSUERS_ACME_ISSUER: [issuers.acme] has no audience");
}

BOOST_AUTO_TEST_CASE(the_faults_of_all_sources_are_told_in_their_order) {
  const Host host("[server]\n\n\n\nthreads = 0\n");
  host.write("b.toml", "[nope]\n");
  host.write("a.toml", "x = \n");
  const auto loaded = load(host.file(), {{"SCOREBOARD_LIMITS_AWARDS", "0"}}, {"limits.award=1"});
  std::vector<std::string> faults;
  for (const Fault& fault : loaded.faults) faults.push_back(to_string(fault));
  BOOST_REQUIRE(faults.size() == 5U);
  BOOST_TEST(faults[0].starts_with(host.file().string() + ":5:11: "));
  BOOST_TEST(faults[1].starts_with(host.piece("a.toml").string() + ":1:"));
  BOOST_TEST(faults[2] == host.piece("b.toml").string() + ":1:2: there is no section [nope]");
  BOOST_TEST(faults[3].starts_with("environment: SCOREBOARD_LIMITS_AWARDS is 0"));
  BOOST_TEST(faults[4] ==
             "command line: --set limits.award sets nothing; did you mean limits.awards?");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_in_conf_d_is_a_fault) {
  const Host host("");
  fs::create_directory(host.piece("a.toml"));
  BOOST_TEST(only_fault(load(host.file(), {})).find("a.toml: cannot be read") != std::string::npos);
  fs::remove_all(host.piece("a.toml"));
  fs::create_symlink("/nonexistent", host.piece("gone.toml"));
  BOOST_TEST(only_fault(load(host.file(), {})).ends_with("No such file or directory"));
}

BOOST_AUTO_TEST_CASE(assignments_are_checked_like_everything_else) {
  BOOST_TEST(load({}, {}, {"auth.issuer=a=b c"}).settings.auth.issuer == "a=b c");
  BOOST_TEST(load({}, {}, {"server.threads=1", "server.threads=2"}).settings.server.threads == 2);
  BOOST_TEST(assignment_fault("server.threads") ==
             "command line: --set server.threads has no value; it is --set section.key=value");
  BOOST_TEST(assignment_fault("server.threads=x") ==
             "command line: --set server.threads must be a whole number from 1 to 1024 threads");
  BOOST_TEST(assignment_fault("server.threads=0") ==
             "command line: --set server.threads is 0; it must be from 1 to 1024 threads");
  BOOST_TEST(assignment_fault("server.thread=1") ==
             "command line: --set server.thread sets nothing; did you mean server.threads?");
  BOOST_TEST(assignment_fault("threads=1") ==
             "command line: --set threads sets nothing; did you mean server.threads?");
  BOOST_TEST(assignment_fault("limits.threads=1") ==
             "command line: --set limits.threads sets nothing; did you mean server.threads?");
  BOOST_TEST(assignment_fault("nothing.like.it=1") ==
             "command line: --set nothing.like.it sets nothing");
  BOOST_TEST(assignment_fault("=1") == "command line: --set  sets nothing");
  BOOST_TEST(assignment_fault("points=1") == "command line: --set points sets nothing");
  BOOST_TEST(assignment_fault("points.A=0") ==
             "command line: --set points.A is 0; it must be from 1 to 1000000 points");
  BOOST_TEST(assignment_fault("points.a=1").find("is no action type") != std::string::npos);
  BOOST_TEST(assignment_fault("issuers.acme.key=/k") ==
             "command line: --set issuers.acme.key sets nothing: [issuers.acme] has no key key; "
             "did you mean keys?");
  BOOST_TEST(assignment_fault("issuers.Acme.keys=/k").find("is no name for an issuer") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_values_contradict_is_told_where_they_were_set) {
  const Host host("[boards]\nperiods = \"day,fortnight\"\n");
  BOOST_TEST(only_fault(load(host.file(), {})) ==
             host.file().string() +
                 ":2:11: boards.periods may name day, week and month, not: fortnight");
  BOOST_TEST(only_fault(load({}, {{"SCOREBOARD_BOARDS_TIME_ZONE", "Mars/Olympus"}})) ==
             "SCOREBOARD_BOARDS_TIME_ZONE: boards.time_zone is no time zone that this system "
             "knows: Mars/Olympus");
  BOOST_TEST(only_fault(load({}, {}, {"auth.access_keys=/etc/scoreboard/keys/action.jwks"})) ==
             "--set: auth.access_keys and auth.action_keys (default) are the same file: each "
             "purpose needs keys of its own");
}

BOOST_AUTO_TEST_SUITE_END()
