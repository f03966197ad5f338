// SPDX-License-Identifier: Apache-2.0
#include "ops/masked_address.hpp"

#include <boost/test/unit_test.hpp>

using scoreboard::masked_address;

BOOST_AUTO_TEST_SUITE(masked_address_for_the_log)

BOOST_AUTO_TEST_CASE(ipv4_loses_its_last_octet) {
  BOOST_TEST(masked_address("203.0.113.77") == "203.0.113.0");
  BOOST_TEST(masked_address("127.0.0.1") == "127.0.0.0");
}

BOOST_AUTO_TEST_CASE(ipv6_keeps_three_groups) {
  BOOST_TEST(masked_address("2001:db8:1234:5678:9abc:def0:1:2") == "2001:db8:1234::");
  BOOST_TEST(masked_address("::1") == "::");
}

BOOST_AUTO_TEST_CASE(an_ipv4_client_of_a_dual_stack_listener_is_masked_as_ipv4) {
  BOOST_TEST(masked_address("::ffff:203.0.113.77") == "::ffff:203.0.113.0");
}

BOOST_AUTO_TEST_CASE(what_is_no_address_is_unknown) {
  for (const char* other : {"", "unix:", "203.0.113", "203.0.113.256", "fe80::1%eth0", "x"}) {
    BOOST_TEST(masked_address(other) == "unknown", other);
  }
}

BOOST_AUTO_TEST_SUITE_END()
