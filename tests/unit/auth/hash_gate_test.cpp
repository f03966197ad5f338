// SPDX-License-Identifier: Apache-2.0
#include "auth/hash_gate.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <optional>
#include <thread>
#include <vector>

using namespace scoreboard::auth;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

BOOST_AUTO_TEST_SUITE(hash_gate)

BOOST_AUTO_TEST_CASE(gives_as_many_places_as_it_has) {
  HashGate gate(2, 8);
  const HashGate::Place first(gate, milliseconds{0});
  std::optional<HashGate::Place> second;
  second.emplace(gate, milliseconds{0});
  BOOST_TEST(bool(first));
  BOOST_TEST(bool(*second));
  BOOST_TEST(!HashGate::Place(gate, milliseconds{0}));
  second.reset();
  BOOST_TEST(bool(HashGate::Place(gate, milliseconds{0})));
}

BOOST_AUTO_TEST_CASE(who_got_no_place_gives_none_back) {
  HashGate gate(1, 8);
  const HashGate::Place held(gate, milliseconds{0});
  for (int i = 0; i < 3; ++i) BOOST_TEST(!HashGate::Place(gate, milliseconds{0}));
}

BOOST_AUTO_TEST_CASE(waits_as_long_as_it_may_and_no_longer) {
  HashGate gate(1, 8);
  const HashGate::Place held(gate, milliseconds{0});
  const auto begin = steady_clock::now();
  BOOST_TEST(!HashGate::Place(gate, milliseconds{30}));
  BOOST_TEST((steady_clock::now() - begin >= milliseconds{30}));
}

BOOST_AUTO_TEST_CASE(a_place_that_comes_free_goes_to_who_waits) {
  HashGate gate(1, 8);
  std::optional<HashGate::Place> held;
  held.emplace(gate, milliseconds{0});
  std::atomic<bool> got = false;
  std::thread waiting([&] { got = bool(HashGate::Place(gate, milliseconds{60'000})); });
  std::this_thread::sleep_for(milliseconds{20});
  held.reset();
  waiting.join();
  BOOST_TEST(got);
}

// A flood of logins held every request thread for two seconds each.
BOOST_AUTO_TEST_CASE(who_finds_too_many_waiting_is_turned_away_at_once) {
  HashGate gate(1, 2);
  std::optional<HashGate::Place> held;
  held.emplace(gate, milliseconds{0});
  std::atomic<int> served = 0;
  std::vector<std::thread> waiting;
  for (int i = 0; i < 2; ++i) {
    waiting.emplace_back([&] { served += bool(HashGate::Place(gate, milliseconds{60'000})); });
  }
  std::this_thread::sleep_for(milliseconds{50});
  const auto begin = steady_clock::now();
  BOOST_TEST(!HashGate::Place(gate, milliseconds{60'000}));
  BOOST_TEST((steady_clock::now() - begin < milliseconds{10'000}));
  held.reset();
  for (std::thread& thread : waiting) thread.join();
  BOOST_TEST(served == 2);
  // Those who waited gave their places in the queue back.
  const HashGate::Place again(gate, milliseconds{0});
  const auto second = steady_clock::now();
  BOOST_TEST(!HashGate::Place(gate, milliseconds{30}));
  BOOST_TEST((steady_clock::now() - second >= milliseconds{30}));
}

BOOST_AUTO_TEST_CASE(never_lets_more_in_than_there_are_places) {
  HashGate gate(3, 8);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const HashGate::Place place(gate, milliseconds{60'000});
        if (!place) ++refused;
        const int present = ++inside;
        for (int seen = most; present > seen && !most.compare_exchange_weak(seen, present);) {
        }
        std::this_thread::yield();
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(refused == 0);
  BOOST_TEST(most >= 1);
  BOOST_TEST(most <= 3);
}

BOOST_AUTO_TEST_SUITE_END()
