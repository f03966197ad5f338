// SPDX-License-Identifier: Apache-2.0
#include "ops/spans.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>
#include <vector>

using namespace scoreboard;

BOOST_AUTO_TEST_SUITE(spans)

BOOST_AUTO_TEST_CASE(what_was_added_is_taken_once) {
  trace::Spans spans;
  spans.add({.name = "one"});
  spans.add({.name = "two"});
  const auto taken = spans.take();
  BOOST_REQUIRE(taken.spans.size() == 2);
  BOOST_TEST(taken.spans[1].name == "two");
  BOOST_TEST(taken.dropped == 0);
  BOOST_TEST(spans.take().spans.empty());
}

BOOST_AUTO_TEST_CASE(a_full_buffer_drops_and_counts_and_nobody_waits) {
  trace::Spans spans;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::size_t n = 0; n < trace::Spans::waiting_max; ++n) spans.add({.name = "one"});
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto taken = spans.take();
  BOOST_TEST(taken.spans.size() == trace::Spans::waiting_max);
  BOOST_TEST(taken.dropped == static_cast<std::int64_t>(3 * trace::Spans::waiting_max));
  spans.add({.name = "again"});
  const auto later = spans.take();
  BOOST_TEST(later.spans.size() == 1U);
  BOOST_TEST(later.dropped == 0);
}

BOOST_AUTO_TEST_SUITE_END()
