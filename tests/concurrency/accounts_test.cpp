// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "store/stores.hpp"

namespace data = boost::unit_test::data;
using namespace scoreboard;
using namespace scoreboard::tests;

BOOST_AUTO_TEST_SUITE(accounts)

namespace {

const auto engines = data::make({Engine::memory, Engine::sqlite, Engine::postgresql});

}  // namespace

BOOST_DATA_TEST_CASE(of_many_uses_of_one_refresh_token_one_makes_the_successor, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  std::vector<RefreshOutcome> outcomes(20);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    threads.emplace_back([&, i] {
      const std::string successor = "successor " + std::to_string(i);
      outcomes[i] = must(under.store->rotate_refresh({"refresh player1", successor}, start()));
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto rotated = [](const RefreshOutcome& one) {
    return one.verdict == RefreshVerdict::rotated;
  };
  BOOST_CHECK_EQUAL(std::count_if(outcomes.begin(), outcomes.end(), rotated), 1);
  for (const RefreshOutcome& one : outcomes) {
    BOOST_CHECK(one.verdict == RefreshVerdict::rotated || one.verdict == RefreshVerdict::repeated);
    BOOST_CHECK_EQUAL(one.successor_hash, outcomes[0].successor_hash);
  }
}

// Nginx sends it again while the first worker is at it: all are told of the one user, none of a
// name that is taken.
BOOST_DATA_TEST_CASE(one_request_makes_one_user_however_often_it_is_sent_at_once, engines, engine) {
  auto under = make_store(engine);
  for (int round = 0; round < 20; ++round) {
    const std::string name = "ada" + std::to_string(round);
    std::vector<std::string> told(20);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < told.size(); ++i) {
      threads.emplace_back([&, i] {
        const auto made =
            under.store->add_user({.id = user_id(round * 20 + static_cast<int>(i) + 1),
                                   .username = Username{name},
                                   .email = name + "@example.org",
                                   .display_name = name,
                                   .password_hash = "hash",
                                   .request = RequestId{"request " + name}},
                                  start());
        told[i] = made ? made->id.str() : made.error().log;
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (const std::string& one : told) BOOST_CHECK_EQUAL(one, told[0]);
  }
}

// Guesses that are sent at once are no cheaper than guesses one after the other.
BOOST_DATA_TEST_CASE(of_many_guesses_at_once_five_are_tried, engines, engine) {
  auto under = make_store(engine);
  std::atomic<int> tried = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 20; ++i) {
    threads.emplace_back([&] {
      const auto wait = must(under.store->begin_login({"ada", "ada"}, LoginRules{}, start()));
      if (wait.count() == 0) ++tried;
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_CHECK_EQUAL(tried, 5);
}

BOOST_AUTO_TEST_SUITE_END()
