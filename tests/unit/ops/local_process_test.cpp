// SPDX-License-Identifier: Apache-2.0
#include "ops/local_process.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <csignal>

#include "ops/clock.hpp"

using namespace scoreboard;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(local_process)

BOOST_AUTO_TEST_CASE(a_process_of_this_host_is_known_by_its_number_and_its_beginning) {
  const Timestamp began = SystemClock{}.now();
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  BOOST_TEST(process_began_at(child, began));
  BOOST_TEST(!process_began_at(child, began - 10s));
  BOOST_TEST(!process_began_at(child, began + 10s));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  BOOST_TEST(!process_began_at(child, began));
  BOOST_TEST(!process_began_at(0, began));
  BOOST_TEST(!process_began_at(-1, began));
}

BOOST_AUTO_TEST_SUITE_END()
