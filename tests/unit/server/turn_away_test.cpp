// SPDX-License-Identifier: Apache-2.0
// A worker that cannot serve keeps nobody waiting.
#include "server/turn_away.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "unit/server/fcgi_client.hpp"

using namespace scoreboard;
using namespace scoreboard::test;
using namespace std::chrono_literals;

namespace {

// It turns people away from this listener in a process of its own, whose signals are blocked.
pid_t turning_away(const Listener& listener, std::chrono::milliseconds how_long) {
  const pid_t child = fork();
  if (child != 0) return child;
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  server::turn_away(listener.number(), how_long);
  _exit(0);
}

int status_of(pid_t child) {
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(turn_away, *boost::unit_test::timeout(60))

BOOST_AUTO_TEST_CASE(who_waits_and_who_comes_is_hung_up_on) {
  const Listener listener;
  const Descriptor early = listener.connect();
  const pid_t child = turning_away(listener, 20s);
  BOOST_TEST(receive_all(early).empty());  // returns at all
  for (int i = 0; i < 20; ++i) BOOST_TEST(receive_all(listener.connect()).empty());
  // And is ended by who wants it to end.
  kill(child, SIGTERM);
  const int status = status_of(child);
  BOOST_TEST(WIFSIGNALED(status));
  BOOST_TEST(WTERMSIG(status) == SIGTERM);
}

BOOST_AUTO_TEST_CASE(it_ends_by_itself) {
  const Listener listener;
  const auto began = std::chrono::steady_clock::now();
  BOOST_TEST(status_of(turning_away(listener, 300ms)) == 0);
  BOOST_TEST((std::chrono::steady_clock::now() - began >= 300ms));
}

BOOST_AUTO_TEST_SUITE_END()
