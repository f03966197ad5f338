// SPDX-License-Identifier: Apache-2.0
// What becomes a file's name; tests/e2e has the rest with a real Nginx.
#include "server/refusal_watch.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard::server;

BOOST_AUTO_TEST_SUITE(refusal_watch)

BOOST_AUTO_TEST_CASE(a_datagram_ends_with_an_address) {
  BOOST_CHECK_EQUAL(*refused_address("<190>Nov 26 02:47:34 scoreboard: 203.0.113.9"),
                    "203.0.113.9");
  BOOST_CHECK_EQUAL(*refused_address("<190>Nov  6 02:47:34 scoreboard: 2001:db8::1"),
                    "2001:db8::1");
}

BOOST_AUTO_TEST_CASE(what_is_no_address_names_no_file) {
  using namespace std::string_view_literals;
  for (const auto text :
       {""sv, " "sv, "x"sv, "<190> scoreboard: unix:"sv, "a ../../etc/passwd"sv, "a 1.2.3"sv,
        "a 1.2.3.4/../x"sv, "a 1.2.3.4\n"sv, "a 1.2.3.4\0/x"sv, "a fe80::1%eth0"sv, "a ."sv}) {
    BOOST_CHECK_MESSAGE(!refused_address(text), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
