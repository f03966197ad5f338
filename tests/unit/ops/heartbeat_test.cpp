// SPDX-License-Identifier: Apache-2.0
#include "ops/heartbeat.hpp"

#include <boost/test/unit_test.hpp>
#include <thread>

using namespace std::chrono_literals;
using scoreboard::Heartbeat;

BOOST_AUTO_TEST_SUITE(heartbeat)

BOOST_AUTO_TEST_CASE(silence_grows_until_the_next_beat) {
  Heartbeat heart;
  BOOST_TEST((heart.silent_for() < 1s));
  std::this_thread::sleep_for(30ms);
  BOOST_TEST((heart.silent_for() >= 30ms));
  heart.beat();
  BOOST_TEST((heart.silent_for() < 30ms));
}

BOOST_AUTO_TEST_SUITE_END()
