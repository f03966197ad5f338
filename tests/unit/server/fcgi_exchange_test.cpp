// SPDX-License-Identifier: Apache-2.0
// What fcgi_exchange.cpp promises about signals, seen from inside a handler.
#include "server/fcgi_exchange.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <csignal>

#include "server/fcgi_server.hpp"
#include "unit/server/fcgi_client.hpp"

using namespace scoreboard;
using namespace scoreboard::test;

BOOST_AUTO_TEST_SUITE(fcgi_exchange, *boost::unit_test::timeout(60))

BOOST_AUTO_TEST_CASE(libfcgi_s_signal_handlers_are_undone) {
  server::prepare_libfcgi();
  for (const int signal : {SIGPIPE, SIGUSR1, SIGTERM}) {
    struct sigaction action {};
    sigaction(signal, nullptr, &action);
    BOOST_TEST((action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN), signal);
  }
}

BOOST_AUTO_TEST_CASE(threads_take_no_signal) {
  const Listener listener;
  std::atomic<bool> blocked = false;
  server::FcgiServer server(
      {.listener = listener.number(), .threads = 1}, [&](const http::Request&) {
        sigset_t mask;
        pthread_sigmask(SIG_BLOCK, nullptr, &mask);
        blocked = sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGINT) == 1 &&
                  sigismember(&mask, SIGPIPE) == 1 && sigismember(&mask, SIGSEGV) == 0;
        return http::Response{};
      });
  ask(listener, {{"REQUEST_METHOD", "GET"}, {"DOCUMENT_URI", "/"}});
  BOOST_TEST(blocked);
  sigset_t mine;
  pthread_sigmask(SIG_BLOCK, nullptr, &mine);
  BOOST_TEST(sigismember(&mine, SIGTERM) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
