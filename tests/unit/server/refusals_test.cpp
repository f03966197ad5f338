// SPDX-License-Identifier: Apache-2.0
#include "server/refusals.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard::server;
using namespace std::chrono_literals;

namespace {

constexpr Refusals::Options options{.refusals_max = 3, .block = 10s, .addresses_max = 4};
const Refusals::Time begin = Refusals::Time{} + 1h;

int added_until_blocked(Refusals& refusals, const std::string& address, Refusals::Time now) {
  for (int count = 1; count <= 10; ++count) {
    if (refusals.add(address, now)) return count;
  }
  return 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(one_more_than_the_limit_blocks_and_blocks_once) {
  Refusals refusals(options);
  BOOST_CHECK_EQUAL(added_until_blocked(refusals, "a", begin), 4);
  BOOST_CHECK_EQUAL(added_until_blocked(refusals, "a", begin + 1s), 0);
  BOOST_CHECK_EQUAL(added_until_blocked(refusals, "b", begin), 4);
}

BOOST_AUTO_TEST_CASE(another_minute_begins_anew) {
  Refusals refusals(options);
  for (int i = 0; i < 3; ++i) BOOST_CHECK(!refusals.add("a", begin));
  BOOST_CHECK(!refusals.add("a", begin + 60s));
  BOOST_CHECK(!refusals.add("a", begin + 119s));
  BOOST_CHECK(!refusals.add("a", begin + 119s));
  BOOST_CHECK(refusals.add("a", begin + 119s));
}

BOOST_AUTO_TEST_CASE(a_block_ends_after_its_time_whatever_came_meanwhile) {
  Refusals refusals(options);
  added_until_blocked(refusals, "a", begin);
  added_until_blocked(refusals, "a", begin + 9s);
  BOOST_CHECK(refusals.released(begin + 10s - 1ms).empty());
  BOOST_CHECK(refusals.released(begin + 10s) == std::vector<std::string>{"a"});
  BOOST_CHECK(refusals.released(begin + 10s).empty());
  BOOST_CHECK_EQUAL(added_until_blocked(refusals, "a", begin + 10s), 4);
}

BOOST_AUTO_TEST_CASE(blocks_of_an_earlier_process_are_kept_from_their_beginning) {
  Refusals refusals(options);
  refusals.adopt("a", begin - 8s);
  BOOST_CHECK(refusals.released(begin + 1s).empty());
  BOOST_CHECK_EQUAL(refusals.released(begin + 2s).size(), 1U);
}

BOOST_AUTO_TEST_CASE(memory_is_bounded_whatever_the_number_of_addresses) {
  Refusals refusals(options);
  for (const char* address : {"a", "b", "c", "d"}) refusals.add(address, begin);
  BOOST_CHECK_EQUAL(added_until_blocked(refusals, "e", begin), 0);
  BOOST_CHECK_EQUAL(added_until_blocked(refusals, "e", begin + 60s), 4);
}

BOOST_AUTO_TEST_SUITE_END()
