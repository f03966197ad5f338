// SPDX-License-Identifier: Apache-2.0
#include "auth/hash_threads.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <latch>
#include <stdexcept>

using scoreboard::auth::HashThreads;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

BOOST_AUTO_TEST_SUITE(hash_threads)

namespace {

constexpr milliseconds long_enough{60'000};

int own_niceness() {
  return getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
}

// Keeps the one thread of `threads` busy until it is let go.
class Busy {
 public:
  explicit Busy(HashThreads& threads)
      : caller_([&] {
          threads.run(
              [this] {
                began_.count_down();
                gate_.wait();
              },
              long_enough);
        }) {
    began_.wait();
  }
  ~Busy() { let_go(); }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;
  void let_go() {
    if (!caller_.joinable()) return;
    gate_.count_down();
    caller_.join();
  }

 private:
  std::latch began_{1};
  std::latch gate_{1};
  std::thread caller_;
};

void wait_until_full(const HashThreads& threads) {
  while (!threads.is_full()) std::this_thread::yield();
}

}  // namespace

BOOST_AUTO_TEST_CASE(runs_elsewhere_at_a_lower_priority_and_leaves_the_callers_alone) {
  HashThreads threads(1, 1);
  const int before = own_niceness();
  int there = 0;
  std::thread::id where;
  BOOST_TEST(threads.run(
      [&] {
        there = own_niceness();
        where = std::this_thread::get_id();
      },
      long_enough));
  BOOST_TEST((where != std::this_thread::get_id()));
  BOOST_TEST(there >= HashThreads::niceness);
  BOOST_TEST(own_niceness() == before);
}

BOOST_AUTO_TEST_CASE(throws_what_the_work_threw_and_goes_on) {
  HashThreads threads(1, 1);
  BOOST_CHECK_THROW(threads.run([] { throw std::runtime_error("no memory"); }, long_enough),
                    std::runtime_error);
  BOOST_TEST(threads.run([] {}, long_enough));
}

BOOST_AUTO_TEST_CASE(who_waits_too_long_is_turned_away_and_its_work_never_runs) {
  HashThreads threads(1, 4);
  Busy busy(threads);
  std::atomic<bool> ran = false;
  const auto begin = steady_clock::now();
  BOOST_TEST(!threads.run([&] { ran = true; }, milliseconds{30}));
  BOOST_TEST((steady_clock::now() - begin >= milliseconds{30}));
  busy.let_go();
  BOOST_TEST(threads.run([] {}, long_enough));
  BOOST_TEST(!ran);
}

// A flood of logins held every request thread for two seconds each.
BOOST_AUTO_TEST_CASE(who_finds_too_many_waiting_is_turned_away_at_once) {
  HashThreads threads(1, 2);
  Busy busy(threads);
  BOOST_TEST(!threads.is_full());
  std::atomic<int> served = 0;
  std::vector<std::thread> waiting;
  for (int i = 0; i < 2; ++i) {
    waiting.emplace_back([&] { threads.run([&] { ++served; }, long_enough); });
  }
  wait_until_full(threads);
  const auto begin = steady_clock::now();
  BOOST_TEST(!threads.run([] {}, long_enough));
  BOOST_TEST((steady_clock::now() - begin < milliseconds{10'000}));
  busy.let_go();
  for (std::thread& thread : waiting) thread.join();
  BOOST_TEST(served == 2);
  BOOST_TEST(!threads.is_full());
}

BOOST_AUTO_TEST_CASE(without_room_to_wait_an_idle_thread_still_serves) {
  HashThreads threads(1, 0);
  BOOST_TEST(threads.run([] {}, long_enough));
  const Busy busy(threads);
  BOOST_TEST(!threads.run([] {}, long_enough));
}

BOOST_AUTO_TEST_CASE(never_runs_more_at_once_than_it_has_threads) {
  HashThreads threads(3, 8);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        const auto work = [&] {
          const int present = ++inside;
          for (int seen = most; present > seen && !most.compare_exchange_weak(seen, present);) {
          }
          std::this_thread::yield();
          --inside;
        };
        if (!threads.run(work, long_enough)) ++refused;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  BOOST_TEST(refused == 0);
  BOOST_TEST(most >= 1);
  BOOST_TEST(most <= 3);
}

BOOST_AUTO_TEST_SUITE_END()
