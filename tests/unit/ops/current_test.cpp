// SPDX-License-Identifier: Apache-2.0
#include "ops/current.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

using scoreboard::Current;

BOOST_AUTO_TEST_SUITE(ops_current)

BOOST_AUTO_TEST_CASE(who_took_a_value_keeps_it) {
  Current<int> current(std::make_shared<const int>(1));
  const auto taken = current.get();
  current.set(std::make_shared<const int>(2));
  BOOST_TEST(*taken == 1);
  BOOST_TEST(*current.get() == 2);
}

BOOST_AUTO_TEST_CASE(readers_see_whole_values_while_they_are_replaced) {
  struct Pair {
    int one;
    int same;
  };
  Current<Pair> current(std::make_shared<const Pair>(Pair{0, 0}));
  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const auto seen = current.get();
        if (seen->one != seen->same) ++torn;
      }
    });
  }
  for (int i = 1; i <= 2000; ++i) current.set(std::make_shared<const Pair>(Pair{i, i}));
  done = true;
  for (auto& reader : readers) reader.join();
  BOOST_TEST(torn == 0);
}

BOOST_AUTO_TEST_SUITE_END()
