// SPDX-License-Identifier: Apache-2.0
#include "ops/printable.hpp"

#include <boost/test/unit_test.hpp>

using scoreboard::printable;

BOOST_AUTO_TEST_SUITE(printable_text)

BOOST_AUTO_TEST_CASE(text_stays_as_it_is) {
  BOOST_TEST(printable("") == "");
  BOOST_TEST(printable("key = \"\xc3\xbc \xf0\x9f\x8f\x86\" \\x1b") ==
             "key = \"\xc3\xbc \xf0\x9f\x8f\x86\" \\x1b");
  BOOST_TEST(printable("\xc2\xa0~ ") == "\xc2\xa0~ ");
}

BOOST_AUTO_TEST_CASE(what_a_terminal_would_obey_is_spelled_out) {
  BOOST_TEST(printable("\x1b[2J\n\t\x7f") == "\\x1b[2J\\x0a\\x09\\x7f");
  BOOST_TEST(printable(std::string_view("\0", 1)) == "\\x00");
  BOOST_TEST(printable("\xc2\x80\xc2\x9b\xc2\x9f") == "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f");
  // No UTF-8, and to some terminals the same command.
  BOOST_TEST(printable("\x9b"
                       "31m") ==
             "\\x9b"
             "31m");
}

BOOST_AUTO_TEST_SUITE_END()
