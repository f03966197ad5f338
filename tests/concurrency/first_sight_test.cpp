// SPDX-License-Identifier: Apache-2.0
// Many tokens of somebody nobody has seen, at once and at two hosts.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <mutex>
#include <set>
#include <thread>

#include "store/open.hpp"
#include "store/stores.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;

namespace {

const auto sql_engines = boost::unit_test::data::make({Engine::sqlite, Engine::postgresql});
constexpr int threads = 8;
constexpr int rounds = 10;

}  // namespace

BOOST_AUTO_TEST_SUITE(first_sight)

BOOST_DATA_TEST_CASE(one_user_is_made_however_many_ask_at_once, sql_engines, engine) {
  auto under = make_store(engine);
  auto opened = open_store({.uri = under.database->uri, .readers = 2});
  BOOST_REQUIRE_MESSAGE(opened, why(opened));
  std::mutex mutex;
  std::set<std::pair<int, UserId>> users;
  std::set<std::string> names;
  std::string fault;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < threads; ++caller) {
    callers.emplace_back([&, caller] {
      Store& store = caller % 2 == 0 ? *under.store : **opened;
      for (int round = 0; round < rounds; ++round) {
        // Two people a round, who want the same name.
        const int who = round * 2 + caller / 2 % 2;
        const int made = 1 + who * threads + caller;
        auto user =
            store.user_of_identity({.issuer = "https://a.example",
                                    .subject = std::to_string(who),
                                    .newcomer = user_id(made),
                                    .wished = Username{"wish" + std::to_string(round)},
                                    .otherwise = Username{"made-up-" + std::to_string(made)}},
                                   start());
        const std::lock_guard lock(mutex);
        if (user) {
          users.emplace(who, user->id);
          names.insert(user->username.str());
        } else {
          fault = user.error().log;
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  BOOST_CHECK_EQUAL(fault, "");
  BOOST_CHECK_EQUAL(users.size(), 2U * rounds);
  BOOST_CHECK_EQUAL(names.size(), 2U * rounds);
}

BOOST_AUTO_TEST_SUITE_END()
