// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include "server/fcgi_server.hpp"
#include "unit/server/fcgi_client.hpp"

using scoreboard::server::inherited_listener;
using scoreboard::test::Listener;

namespace {

// What a process answers whose descriptors and variables `arrange` has set: the descriptor, or
// 200. A child of its own, because descriptors 0 and 3 belong to the test program.
int answer_of_child(const std::function<void()>& arrange) {
  std::fflush(nullptr);  // or the child might print what is still buffered once more
  const pid_t child = fork();
  if (child == 0) {
    for (const int number : {0, 3}) close(number);
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    arrange();
    const auto found = inherited_listener();
    _exit(found ? *found : 200);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void announce(pid_t pid, const char* count) {
  setenv("LISTEN_PID", std::to_string(pid).c_str(), 1);
  setenv("LISTEN_FDS", count, 1);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inherited_listener_of_the_parent)

BOOST_AUTO_TEST_CASE(a_socket_announced_to_this_process_is_descriptor_three) {
  const Listener listener;
  const int number = dup2(listener.number(), 60);
  BOOST_TEST(answer_of_child([&] {
               dup2(number, 3);
               announce(getpid(), "1");
             }) == 3);
  close(number);
}

BOOST_AUTO_TEST_CASE(standard_input_serves_when_nothing_is_announced_or_it_was_for_another) {
  const Listener listener;
  const int number = dup2(listener.number(), 60);
  BOOST_TEST(answer_of_child([&] { dup2(number, 0); }) == 0);
  BOOST_TEST(answer_of_child([&] {
               dup2(number, 0);
               announce(1, "1");
             }) == 0);
  close(number);
}

BOOST_AUTO_TEST_CASE(without_a_listening_socket_there_is_an_answer_and_no_guess) {
  const Listener listener;
  const int number = dup2(listener.number(), 60);
  const auto peer = listener.connect();
  const int connected = dup2(peer.get(), 61);
  BOOST_TEST(answer_of_child([] {}) == 200);
  BOOST_TEST(answer_of_child([&] { dup2(connected, 0); }) == 200);
  BOOST_TEST(answer_of_child([&] { announce(getpid(), "1"); }) == 200);
  BOOST_TEST(answer_of_child([&] {
               dup2(number, 3);
               announce(getpid(), "2");
             }) == 200);
  BOOST_TEST(answer_of_child([&] {
               dup2(number, 3);
               announce(getpid(), "one");
             }) == 200);
  close(number);
  close(connected);
}

BOOST_AUTO_TEST_SUITE_END()
