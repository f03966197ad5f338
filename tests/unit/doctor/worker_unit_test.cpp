// SPDX-License-Identifier: Apache-2.0
// A unit's text as systemd.exec(5) writes it, and what it means for the workers' settings.
#include "doctor/worker_unit.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard;
using namespace scoreboard::doctor;

BOOST_AUTO_TEST_SUITE(worker_unit)

BOOST_AUTO_TEST_CASE(variables_of_ours_are_read_with_their_quotes_gone) {
  const WorkerUnit unit = parse_unit(
      "[Service]\n"
      "# Environment=SCOREBOARD_SERVER_THREADS=1\n"
      "Environment=SCOREBOARD_A=1 HOME=/ \"SCOREBOARD_B=two words\"\t'SCOREBOARD_C=\"'\n"
      "Environment=SCOREBOARD_A=2\n"
      "Environment=SCOREBOARD_D\n"
      "Environment=\"SCOREBOARD_E=");
  const config::Environment wanted{{"SCOREBOARD_A", "2"},
                                   {"SCOREBOARD_B", "two words"},
                                   {"SCOREBOARD_C", "\""},
                                   {"SCOREBOARD_E", ""}};
  BOOST_TEST((unit.environment == wanted));
}

BOOST_AUTO_TEST_CASE(an_empty_assignment_forgets_what_was_before_it) {
  const WorkerUnit unit = parse_unit(
      "Environment=SCOREBOARD_A=1\nLoadCredential=a:/a\nLoadCredential=b\n"
      "Environment=\nLoadCredential=\nEnvironment=SCOREBOARD_B=1\nLoadCredential=c:/c");
  BOOST_TEST((unit.environment == config::Environment{{"SCOREBOARD_B", "1"}}));
  BOOST_TEST((unit.credentials == std::map<std::string, std::string>{{"c", "/c"}}));
  BOOST_TEST(parse_unit("").environment.empty());
}

BOOST_AUTO_TEST_CASE(a_copy_is_known_by_the_file_that_it_is_made_of) {
  const WorkerUnit unit = parse_unit(
      "LoadCredential=k:/keys/k\n"
      "Environment=SCOREBOARD_A=%d/k SCOREBOARD_B=%d/other SCOREBOARD_C=/keys/c");
  const config::Environment wanted{
      {"SCOREBOARD_A", "/keys/k"}, {"SCOREBOARD_B", "%d/other"}, {"SCOREBOARD_C", "/keys/c"}};
  BOOST_TEST((variables_of(unit) == wanted));
  BOOST_TEST(is_credential(unit, "/keys/k"));
  BOOST_TEST(!is_credential(unit, "/keys/c"));
}

BOOST_AUTO_TEST_CASE(a_line_goes_on_after_a_backslash_and_past_comments) {
  const WorkerUnit unit = parse_unit(
      "Environment=SCOREBOARD_A=1 \\\n"
      "# Environment=SCOREBOARD_C=3\n"
      "  SCOREBOARD_B=2\\\n"
      "; and on\n"
      "SCOREBOARD_C=4\n"
      "Environment = SCOREBOARD_D=5\n"
      "# a comment does not go on \\\n"
      "Environment=SCOREBOARD_E=6");
  const config::Environment wanted{{"SCOREBOARD_A", "1"},
                                   {"SCOREBOARD_B", "2"},
                                   {"SCOREBOARD_C", "4"},
                                   {"SCOREBOARD_D", "5"},
                                   {"SCOREBOARD_E", "6"}};
  BOOST_TEST((unit.environment == wanted));
}

BOOST_AUTO_TEST_CASE(environment_files_are_named_in_their_order) {
  const WorkerUnit unit = parse_unit(
      "EnvironmentFile=/gone\nEnvironmentFile=\nEnvironmentFile=-/etc/100%%/%i.env\n"
      "EnvironmentFile=/b/*.env");
  BOOST_REQUIRE(unit.environment_files.size() == 2U);
  BOOST_TEST(unit.environment_files[0].pattern == "/etc/100%/1.env");
  BOOST_TEST(unit.environment_files[0].optional);
  BOOST_TEST(unit.environment_files[1].pattern == "/b/*.env");
  BOOST_TEST(!unit.environment_files[1].optional);
}

BOOST_AUTO_TEST_SUITE_END()
