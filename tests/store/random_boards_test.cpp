// SPDX-License-Identifier: Apache-2.0
// Random batches on the reference and on SQLite: many ties, repeats of every kind, limits, steps of
// time and ended sessions. Every outcome, board and standing must be the same, and verify clean.
#include <boost/test/unit_test.hpp>
#include <random>

#include "store/stores.hpp"
#include "store/verify.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;

namespace {

constexpr int players = 14;

Award random_award(std::mt19937_64& random, int round) {
  const int player = static_cast<int>(random() % players) + 1;
  // Few ids, so that many are repeats; of this round and of earlier ones.
  const auto id =
      random() % 4 == 0 ? random() % 40 : 1000 + static_cast<unsigned>(round) * 8 + random() % 8;
  Award one = award(player, "action-" + std::to_string(id), static_cast<int>(random() % 3) + 1);
  if (random() % 2 == 0) {
    one.contract = Contract::update;
    one.payload = "update COMPLETE_TASK";
    one.request = RequestId{"request " + std::to_string(random() % 3)};
  }
  if (random() % 30 == 0) one.session = session_id(static_cast<int>(random() % players) + 1);
  return one;
}

void compare(const StoreUnderTest& reference, const StoreUnderTest& real,
             const std::string& where) {
  for (const int limit : {1, 10, 50}) {
    BOOST_REQUIRE_MESSAGE(
        describe(*reference.store->top(limit)) == describe(*real.store->top(limit)),
        where << "\n"
              << describe(*reference.store->top(limit)) << "\n---\n"
              << describe(*real.store->top(limit)));
  }
  for (int player = 1; player <= players; ++player) {
    BOOST_REQUIRE_MESSAGE(describe(**reference.store->standing(user_id(player))) ==
                              describe(**real.store->standing(user_id(player))),
                          where << " player " << player);
  }
  const auto expected = reference.store->changes_after(JournalSeq{3}, 7);
  const auto found = real.store->changes_after(JournalSeq{3}, 7);
  BOOST_REQUIRE(expected && found);
  BOOST_REQUIRE_EQUAL(expected->size(), found->size());
  for (std::size_t i = 0; i < found->size(); ++i) {
    BOOST_REQUIRE((*expected)[i].reached == (*found)[i].reached);
    BOOST_REQUIRE((*expected)[i].rank == (*found)[i].rank);
    BOOST_REQUIRE((*expected)[i].user == (*found)[i].user);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(random_boards)

BOOST_AUTO_TEST_CASE(sqlite_agrees_with_the_reference) {
  const unsigned seed = std::random_device{}();
  for (unsigned game = 0; game < 4; ++game) {
    std::mt19937_64 random(seed + game);
    auto reference = make_store(Engine::memory);
    auto real = make_store(Engine::sqlite);
    for (int player = 1; player <= players; ++player) {
      add_player(*reference.store, player);
      add_player(*real.store, player);
    }
    const AwardRules rules{.limit = 4, .window = std::chrono::seconds{60}};
    Timestamp now = start();
    for (int round = 0; round < 120; ++round) {
      const std::string where =
          "seed " + std::to_string(seed + game) + " round " + std::to_string(round);
      now += std::chrono::microseconds{random() % 20'000'000};
      if (random() % 40 == 0) {
        const SessionId ended = session_id(static_cast<int>(random() % players) + 1);
        BOOST_REQUIRE(reference.store->end_session(ended, now));
        BOOST_REQUIRE(real.store->end_session(ended, now));
      }
      std::vector<Award> batch;
      for (auto size = random() % 12 + 1; size > 0; --size) {
        batch.push_back(random_award(random, round));
      }
      auto expected = reference.store->commit(batch, rules, now);
      auto found = real.store->commit(batch, rules, now);
      BOOST_REQUIRE_MESSAGE(found, where << why(found));
      for (std::size_t i = 0; i < batch.size(); ++i) {
        BOOST_REQUIRE_MESSAGE(describe((*expected)[i]) == describe((*found)[i]),
                              where << " award " << i << "\n"
                                    << describe((*expected)[i]) << "\n"
                                    << describe((*found)[i]));
      }
      if (round % 10 == 0) compare(reference, real, where);
    }
    const auto report = verify(real.uri);
    BOOST_REQUIRE_MESSAGE(report, why(report));
    BOOST_REQUIRE_MESSAGE(report->findings.empty(),
                          "seed " << seed + game << ": " << first_of(report->findings));
    BOOST_CHECK_GT(report->events, 100);
  }
}

BOOST_AUTO_TEST_SUITE_END()
