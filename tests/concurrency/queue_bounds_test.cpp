// SPDX-License-Identifier: Apache-2.0
// The bounds of the commit queue, changed while awards come in.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

#include "store/commit_queue.hpp"
#include "store/memory_store.hpp"
#include "store/stores.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(queue_bounds)

BOOST_AUTO_TEST_CASE(bounds_change_between_batches_and_each_outcome_tells_its_own) {
  MemoryStore store(start());
  for (int player = 1; player <= 5; ++player) add_player(store, player);
  const FixedClock clock;
  CommitQueue queue(store, clock, {.bounds = {.rules = {.limit = 1, .window = 1s}}}, [] {});
  BOOST_CHECK(queue.submit(award(1, "action-1"))->verdict == Verdict::awarded);
  const auto refused = queue.submit(award(1, "action-2"));
  BOOST_CHECK(refused->verdict == Verdict::rate_limited);
  BOOST_CHECK_EQUAL(refused->limit, 1);

  std::atomic<bool> done = false;
  std::atomic<int> torn = 0;
  std::atomic<int> seen = 0;
  std::vector<std::thread> callers;
  for (int player = 2; player <= 5; ++player) {
    callers.emplace_back([&, player] {
      for (int i = 0; !done; ++i) {
        const auto outcome = queue.submit(award(player, "action-" + std::to_string(i)));
        ++seen;
        if (!outcome || outcome->limit * 1s != outcome->window) ++torn;
      }
    });
  }
  int limit = 1;
  while (seen < 200) {
    limit = limit % 500 + 1;
    queue.change({.rules = {.limit = limit, .window = std::chrono::seconds{limit}}});
    std::this_thread::sleep_for(20us);  // a mutex is not fair
  }
  done = true;
  for (auto& caller : callers) caller.join();
  BOOST_CHECK_EQUAL(torn, 0);
  queue.change({.rules = {.limit = 2, .window = 1s}});
  BOOST_CHECK(queue.submit(award(1, "action-2"))->verdict == Verdict::awarded);
}

BOOST_AUTO_TEST_CASE(a_queue_that_is_made_shorter_refuses_what_no_longer_fits) {
  MemoryStore store(start());
  add_player(store, 1);
  const FixedClock clock;
  CommitQueue queue(store, clock, {}, [] {});
  queue.change({.waiting_max = 0});
  const auto refused = queue.submit(award(1, "action-1"));
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().code == ErrorCode::unavailable);
  queue.change({});
  BOOST_CHECK(queue.submit(award(1, "action-1"))->verdict == Verdict::awarded);
}

BOOST_AUTO_TEST_SUITE_END()
