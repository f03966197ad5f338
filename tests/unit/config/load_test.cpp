// SPDX-License-Identifier: Apache-2.0
#include "config/load.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>

#include "unit/config/scratch_file.hpp"

using namespace scoreboard::config;
using scoreboard::test::ScratchFile;

namespace {

Loaded load_text(const std::string& text, const Environment& environment = {}) {
  const ScratchFile file(text);
  return load(file.path(), environment);
}

// The one fault of a file, without the file's name: "line:column: message".
std::string fault_of(const std::string& text) {
  const auto loaded = load_text(text);
  BOOST_REQUIRE_MESSAGE(loaded.faults.size() == 1,
                        text << " has " << loaded.faults.size() << " faults");
  const Fault& fault = loaded.faults.front();
  return std::to_string(fault.line) + ":" + std::to_string(fault.column) + ": " + fault.message;
}

std::string environment_fault_of(const std::string& variable, const std::string& value) {
  const auto loaded = load({}, {{variable, value}});
  BOOST_REQUIRE_MESSAGE(loaded.faults.size() == 1,
                        variable << " has " << loaded.faults.size() << " faults");
  return to_string(loaded.faults.front());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_load)

BOOST_AUTO_TEST_CASE(without_file_and_environment_everything_is_default) {
  const auto loaded = load({}, {});
  BOOST_TEST(loaded.faults.empty());
  BOOST_TEST(loaded.settings.server.threads == 64);
  BOOST_TEST(loaded.settings.points.at("COMPLETE_TASK") == 10);
  BOOST_TEST(to_string(loaded.origin.at("server.threads")) == "default");
  BOOST_TEST(to_string(loaded.origin.at("points.COMPLETE_TASK")) == "default");
  BOOST_TEST(load_text("").faults.empty());
}

BOOST_AUTO_TEST_CASE(the_file_wins_over_the_default_and_the_environment_over_both) {
  const ScratchFile file(
      "[server]\nthreads = 8\nbody_bytes_max = 4096\n[auth]\naccess_lifetime_s = 120\n"
      "access_keys = \"/k/a\"\n[live]\npoll_ms = 20\n[increment]\ndelta_max = 7\n");
  const auto loaded = load(file.path(), {{"SCOREBOARD_SERVER_THREADS", "16"},
                                         {"SCOREBOARD_DATABASE_URI", "sqlite:///tmp/x"}});
  BOOST_TEST(loaded.faults.empty());
  const Settings& settings = loaded.settings;
  BOOST_TEST(settings.server.threads == 16);
  BOOST_TEST(settings.server.body_bytes_max == 4096);
  BOOST_TEST(settings.auth.access_lifetime.count() == 120);
  BOOST_TEST(settings.auth.access_keys.string() == "/k/a");
  BOOST_TEST(settings.live.poll.count() == 20);
  BOOST_TEST(settings.delta_max == 7);
  BOOST_TEST(settings.database.uri == "sqlite:///tmp/x");
  BOOST_TEST(settings.limits.awards == 10);
  BOOST_TEST(to_string(loaded.origin.at("server.threads")) == "SCOREBOARD_SERVER_THREADS");
  BOOST_TEST(to_string(loaded.origin.at("server.body_bytes_max")) == file.path().string() + ":3");
  BOOST_TEST(to_string(loaded.origin.at("limits.awards")) == "default");
}

BOOST_AUTO_TEST_CASE(an_unknown_section_is_told_with_its_place_and_what_was_meant) {
  BOOST_TEST(fault_of("\n[servr]\nthreads = 1\n") ==
             "2:2: there is no section [servr]; did you mean [server]?");
  BOOST_TEST(fault_of("[wholly_other]\n") == "1:2: there is no section [wholly_other]");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_told_with_its_place_and_what_was_meant) {
  BOOST_TEST(fault_of("[server]\nthreads = 1\n  tread = 2\n") ==
             "3:3: [server] has no key tread; did you mean threads?");
  BOOST_TEST(fault_of("[database]\nthreads = 1\n") ==
             "2:1: [database] has no key threads; did you mean [server] threads?");
  BOOST_TEST(fault_of("[database]\nxyzzy = 1\n") == "2:1: [database] has no key xyzzy");
  BOOST_TEST(fault_of("threads = 1\n") ==
             "1:1: threads stands in no section; did you mean [server] threads?");
}

BOOST_AUTO_TEST_CASE(a_wrong_type_is_told_with_the_range) {
  const std::string threads = "must be a whole number from 1 to 1024 threads";
  BOOST_TEST(fault_of("[server]\nthreads = \"8\"\n") == "2:11: server.threads " + threads);
  BOOST_TEST(fault_of("[server]\nthreads = 8.0\n") == "2:11: server.threads " + threads);
  BOOST_TEST(fault_of("[server]\nthreads = true\n") == "2:11: server.threads " + threads);
  BOOST_TEST(fault_of("[server]\nthreads = [8]\n") == "2:11: server.threads " + threads);
  BOOST_TEST(fault_of("[server.threads]\n") == "1:1: server.threads " + threads);
  BOOST_TEST(fault_of("[auth]\nissuer = 1\n") == "2:10: auth.issuer must be a text in quotes");
  BOOST_TEST(fault_of("[auth]\nissuer = 1.5\n") == "2:10: auth.issuer must be a text in quotes");
  BOOST_TEST(fault_of("server = 1\n") == "1:1: server is a section: write [server]");
}

BOOST_AUTO_TEST_CASE(both_edges_of_a_range_are_inside_and_one_beyond_is_not) {
  BOOST_TEST(load_text("[server]\nthreads = 1\n").faults.empty());
  BOOST_TEST(load_text("[server]\nthreads = 1024\n").faults.empty());
  BOOST_TEST(fault_of("[server]\nthreads = 0\n") ==
             "2:11: server.threads is 0; it must be from 1 to 1024 threads");
  BOOST_TEST(fault_of("[server]\nthreads = 1025\n") ==
             "2:11: server.threads is 1025; it must be from 1 to 1024 threads");
  BOOST_TEST(load_text("[live]\nnchan_socket = \"" + std::string(107, 's') + "\"").faults.empty());
  BOOST_TEST(fault_of("[live]\nnchan_socket = \"" + std::string(108, 's') + "\"") ==
             "2:16: live.nchan_socket is too long; it must be from 1 to 107 bytes long");
  BOOST_TEST(fault_of("[auth]\nissuer = \"\"\n") == "2:10: auth.issuer must not be empty");
  BOOST_TEST(fault_of("[auth]\nissuer = \"a\\u0000\"\n") ==
             "2:10: auth.issuer must not contain a NUL byte");
}

BOOST_AUTO_TEST_CASE(a_value_with_a_fault_changes_nothing) {
  const auto loaded = load_text("[server]\nthreads = 0\nbody_bytes_max = 2048\n");
  BOOST_TEST(loaded.settings.server.threads == 64);
  BOOST_TEST(loaded.settings.server.body_bytes_max == 2048);
  BOOST_TEST(to_string(loaded.origin.at("server.threads")) == "default");
}

BOOST_AUTO_TEST_CASE(all_faults_are_found_at_once_from_top_to_bottom) {
  const ScratchFile file("[server]\nthreads = 0\n[nope]\n[auth]\nissuer = 7\nfoo = 1\n");
  const auto loaded =
      load(file.path(), {{"SCOREBOARD_LIMITS_AWARDS", "many"}, {"SCOREBOARD_LIMITS_AWARD", "1"}});
  BOOST_REQUIRE(loaded.faults.size() == 6u);
  BOOST_TEST(loaded.faults[0].line == 2);
  BOOST_TEST(loaded.faults[1].line == 3);
  BOOST_TEST(loaded.faults[2].line == 5);
  BOOST_TEST(loaded.faults[3].line == 6);
  BOOST_TEST(loaded.faults[4].file == "environment");
  BOOST_TEST(to_string(loaded.faults[0]) ==
             file.path().string() +
                 ":2:11: server.threads is 0; it must be from 1 to 1024 threads");
}

BOOST_AUTO_TEST_CASE(a_syntax_error_has_its_place) {
  for (const char* broken :
       {"[server\nthreads = 1\n", "\n[server]\nthreads = \n",
        "[server]\nthreads = 1\nthreads = 2\n", "[server]\n[server]\n", "a = \"\xff\"\n"}) {
    const auto loaded = load_text(broken);
    BOOST_REQUIRE(loaded.faults.size() == 1u);
    BOOST_TEST(loaded.faults[0].line >= 1, broken);
    BOOST_TEST(loaded.faults[0].column >= 1, broken);
    BOOST_TEST(!loaded.faults[0].message.empty());
  }
}

// toml++ ran into what it had declared unreachable, and into an assertion.
BOOST_AUTO_TEST_CASE(what_toml_promised_itself_is_a_fault_and_no_undefined_behaviour) {
  BOOST_TEST(load_text("[~points]\nA = 1\n").faults.size() == 1U);
  BOOST_TEST(load_text("[server]\ngr\u00f6\u00dfe = 1\n").faults.size() == 1U);
  BOOST_TEST(load_text("sertvree\u0487hads = 4\n").faults.size() == 1U);
  BOOST_TEST(load_text("# gr\u00f6\u00dfe\n[auth]\nissuer = \"gr\u00f6\u00dfe\"\n").faults.empty());
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_a_fault) {
  const auto absent = load("/nonexistent/scoreboard.toml", {});
  BOOST_REQUIRE(absent.faults.size() == 1u);
  BOOST_TEST(to_string(absent.faults[0]) ==
             "/nonexistent/scoreboard.toml: cannot be read: No such file or directory");
  BOOST_TEST(load("/", {}).faults.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_points_table_replaces_the_default_one) {
  const auto loaded = load_text("[points]\nJUMP = 3\nJUMP_HIGH = 1000000\n",
                                {{"SCOREBOARD_POINTS_JUMP", "4"}, {"SCOREBOARD_POINTS_RUN", "1"}});
  BOOST_TEST(loaded.faults.empty());
  const std::map<std::string, std::int64_t> expected{
      {"JUMP", 4}, {"JUMP_HIGH", 1000000}, {"RUN", 1}};
  BOOST_TEST((loaded.settings.points == expected));
  BOOST_TEST(to_string(loaded.origin.at("points.JUMP")) == "SCOREBOARD_POINTS_JUMP");
  BOOST_TEST(to_string(loaded.origin.at("points.JUMP_HIGH")).ends_with(":3"));
  BOOST_TEST(loaded.origin.count("points.COMPLETE_TASK") == 0u);
}

BOOST_AUTO_TEST_CASE(the_environment_adds_to_the_default_points) {
  const auto loaded = load({}, {{"SCOREBOARD_POINTS_COMPLETE_TASK", "11"}});
  BOOST_TEST(loaded.settings.points.at("COMPLETE_TASK") == 11);
  BOOST_TEST(loaded.settings.points.size() == 5u);
}

BOOST_AUTO_TEST_CASE(names_and_values_of_points_are_checked) {
  const std::string a(50, 'A');
  BOOST_TEST(load_text("[points]\n" + a + " = 1\n").faults.empty());
  for (const std::string& name : {a + "A", std::string("_A"), std::string("jump"),
                                  std::string("A1"), std::string("\"\""), std::string("A-B")}) {
    BOOST_TEST(
        fault_of("[points]\n" + name + " = 1\n").find("is no action type") != std::string::npos,
        name);
  }
  const std::string range = "; it must be from 1 to 1000000 points";
  BOOST_TEST(fault_of("[points]\nA = 0\n") == "2:5: points.A is 0" + range);
  BOOST_TEST(fault_of("[points]\nA = 1000001\n") == "2:5: points.A is 1000001" + range);
  BOOST_TEST(fault_of("[points]\nA = \"1\"\n") == "2:5: points.A must be a whole number of points");
  BOOST_TEST(fault_of("[points]\n") == "1:1: [points] must name at least one action type");
}

BOOST_AUTO_TEST_CASE(a_variable_is_checked_like_the_file) {
  const std::string range = "from 1 to 1024 threads";
  BOOST_TEST(environment_fault_of("SCOREBOARD_SERVER_THREADS", "0") ==
             "environment: SCOREBOARD_SERVER_THREADS is 0; it must be " + range);
  for (const char* text : {"", "8 ", "8x", "0x8", "+8", "99999999999999999999"}) {
    BOOST_TEST(environment_fault_of("SCOREBOARD_SERVER_THREADS", text) ==
               "environment: SCOREBOARD_SERVER_THREADS must be a whole number " + range);
  }
  BOOST_TEST(environment_fault_of("SCOREBOARD_AUTH_ISSUER", "") ==
             "environment: SCOREBOARD_AUTH_ISSUER must not be empty");
  // A text may look like a number.
  BOOST_TEST(load({}, {{"SCOREBOARD_AUTH_ISSUER", "7"}}).settings.auth.issuer == "7");
  BOOST_TEST(environment_fault_of("SCOREBOARD_POINTS_A", "0") ==
             "environment: SCOREBOARD_POINTS_A is 0; it must be from 1 to 1000000 points");
  BOOST_TEST(environment_fault_of("SCOREBOARD_POINTS_A", "x") ==
             "environment: SCOREBOARD_POINTS_A must be a whole number of points");
  BOOST_TEST(environment_fault_of("SCOREBOARD_POINTS_a", "1")
                 .starts_with("environment: SCOREBOARD_POINTS_a: a is no action type"));
}

// A file cannot hold such a text, so `config show` wrote what nobody could read again.
BOOST_AUTO_TEST_CASE(a_variable_that_is_no_utf8_is_a_fault) {
  BOOST_TEST(environment_fault_of("SCOREBOARD_AUTH_ISSUER", "a\xc4") ==
             "environment: SCOREBOARD_AUTH_ISSUER must be UTF-8");
}

BOOST_AUTO_TEST_CASE(a_misspelt_variable_is_a_fault_and_a_stranger_is_none_of_ours) {
  BOOST_TEST(environment_fault_of("SCOREBOARD_SERVER_THREAD", "1") ==
             "environment: SCOREBOARD_SERVER_THREAD sets nothing; did you mean "
             "SCOREBOARD_SERVER_THREADS?");
  BOOST_TEST(environment_fault_of("SCOREBOARD_DATABSE_URI", "x") ==
             "environment: SCOREBOARD_DATABSE_URI sets nothing; did you mean "
             "SCOREBOARD_DATABASE_URI?");
  BOOST_TEST(environment_fault_of("SCOREBOARD_AUTH_X", "1")
                 .starts_with("environment: SCOREBOARD_AUTH_X sets nothing"));
  BOOST_TEST(load({}, {{"SCOREBOARD_TEST_CRASH_AFTER_COMMIT", "/x"},
                       {"SCOREBOARD_PORT", "8080"},
                       {"SCOREBOARD_", ""},
                       {"OTHER_SERVER_THREADS", "1"}})
                 .faults.empty());
}

BOOST_AUTO_TEST_CASE(settings_that_contradict_each_other_are_a_fault) {
  const auto contradiction = [](const std::string& text) {
    const auto loaded = load_text(text);
    BOOST_REQUIRE(loaded.faults.size() == 1u);
    return loaded.faults[0].message;
  };
  BOOST_TEST(
      load_text("[auth]\naccess_lifetime_s = 3600\nsession_lifetime_s = 3600\n").faults.empty());
  // A token may not outlive its session: the ranges see to it.
  BOOST_TEST(contradiction("[auth]\naccess_lifetime_s = 3601\n")
                 .find("it must be from 60 to 3600 seconds") != std::string::npos);
  BOOST_TEST(contradiction("[auth]\naccess_keys = \"/k\"\naction_keys = \"/k\"\n")
                 .find("are the same file") != std::string::npos);
  BOOST_TEST(load_text("[database]\nisolation = \"serializable\"\n").faults.empty());
  BOOST_TEST(contradiction("[database]\nisolation = \"snapshot\"\n") ==
             "database.isolation must be \"read committed\" or \"serializable\"");
}

BOOST_AUTO_TEST_CASE(this_process_s_environment_is_read_by_prefix) {
  setenv("SCOREBOARD_SERVER_THREADS", "9=9", 1);
  setenv("SCOREBOARDX", "1", 1);
  const auto ours = environment();
  BOOST_TEST(ours.at("SCOREBOARD_SERVER_THREADS") == "9=9");
  BOOST_TEST(ours.count("SCOREBOARDX") == 0u);
  BOOST_TEST(ours.count("PATH") == 0u);
  unsetenv("SCOREBOARD_SERVER_THREADS");
  unsetenv("SCOREBOARDX");
}

BOOST_AUTO_TEST_SUITE_END()
