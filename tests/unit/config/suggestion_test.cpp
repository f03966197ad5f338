// SPDX-License-Identifier: Apache-2.0
#include "config/suggestion.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace scoreboard::config;

BOOST_AUTO_TEST_SUITE(suggestion)

BOOST_AUTO_TEST_CASE(distance_counts_the_slips_of_a_typist) {
  BOOST_TEST(edit_distance("", "") == 0u);
  BOOST_TEST(edit_distance("threads", "threads") == 0u);
  BOOST_TEST(edit_distance("", "abc") == 3u);
  BOOST_TEST(edit_distance("abc", "") == 3u);
  BOOST_TEST(edit_distance("thread", "threads") == 1u);
  BOOST_TEST(edit_distance("threads", "thrads") == 1u);
  BOOST_TEST(edit_distance("threads", "thr3ads") == 1u);
  BOOST_TEST(edit_distance("threads", "htreads") == 1u);
  BOOST_TEST(edit_distance("kitten", "sitting") == 3u);
}

BOOST_AUTO_TEST_CASE(the_closest_is_suggested_and_nothing_when_all_are_far) {
  const std::vector<std::string> names{"readers", "threads", "uri"};
  BOOST_TEST(closest("treads", names) == "threads");
  BOOST_TEST(closest("reader", names) == "readers");
  BOOST_TEST(closest("url", names) == "uri");
  BOOST_TEST(closest("something", names) == "");
  BOOST_TEST(closest("", names) == "");
}

BOOST_AUTO_TEST_SUITE_END()
