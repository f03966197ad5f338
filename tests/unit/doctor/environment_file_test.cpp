// SPDX-License-Identifier: Apache-2.0
#include "doctor/environment_file.hpp"

#include <boost/test/unit_test.hpp>

using scoreboard::doctor::environment_file;
using Variables = std::vector<std::pair<std::string, std::string>>;

BOOST_AUTO_TEST_SUITE(environment_files)

BOOST_AUTO_TEST_CASE(lines_are_names_and_values_and_comments_are_none) {
  const Variables wanted{{"A", "1"}, {"B", "two words"}, {"C", "a=b"}, {"D", ""}, {"E", "last"}};
  BOOST_TEST((environment_file(
                  "# A=0\n; A=0\nA=1\n  B = two words \t\nno value\nC=a=b\nD=\nE=last") == wanted));
  BOOST_TEST((environment_file("A=1\r\nB=2\r\n") == Variables{{"A", "1"}, {"B", "2"}}));
  BOOST_TEST((environment_file("# goes on \\\nA=0\nA=1") == Variables{{"A", "1"}}));
}

BOOST_AUTO_TEST_CASE(quotes_keep_what_is_in_them_and_go) {
  const Variables wanted{{"A", " 1 "},        {"B", "x\\n\"$"}, {"C", "\\"},
                         {"D", "two\nlines"}, {"E", "onetwo"},  {"F", "don't"}};
  BOOST_TEST(
      (environment_file("A=\" 1 \"\nB=\"x\\n\\\"\\$\"\nC='\\'\nD='two\nlines'\nE=\"one\" 'two'\n"
                        "F=don't\n") == wanted));
}

BOOST_AUTO_TEST_CASE(a_backslash_at_the_end_of_a_line_takes_the_next_one) {
  const Variables wanted{{"A", "1, 2"}, {"B", "1 2"}, {"C", "plain\\"}};
  BOOST_TEST((environment_file("A=1, \\\n2\nB=\"1 \\\n2\"\nC=pl\\ain\\\\") == wanted));
}

BOOST_AUTO_TEST_CASE(what_is_no_environment_file_does_no_harm) {
  for (const char* text :
       {"", "\n", "=", "==", "A", "A=\"", "A='", "A=\\", "A=\"\\", "#", "#\\", ";\\"}) {
    environment_file(text);
  }
  BOOST_TEST((environment_file("A=\"open") == Variables{{"A", "open"}}));
}

BOOST_AUTO_TEST_SUITE_END()
