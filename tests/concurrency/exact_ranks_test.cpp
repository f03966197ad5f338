// SPDX-License-Identifier: Apache-2.0
// Ranks where they are hardest: among many equals, with several processes, while others write.
#include <atomic>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "store/open.hpp"
#include "store/stores.hpp"
#include "store/verify.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;

namespace {

const auto sql_engines = boost::unit_test::data::make(
    {Engine::sqlite, Engine::postgresql, Engine::postgresql_serializable});

AwardOutcome commit_one(Store& store, const Award& one, const AwardRules& rules = {}) {
  auto outcomes = store.commit(std::span(&one, 1), rules, start());
  BOOST_REQUIRE_MESSAGE(outcomes, why(outcomes));
  return outcomes->front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exact_ranks)

// More equals than are counted one by one: whole groups of them come from memory.
BOOST_DATA_TEST_CASE(a_place_among_a_thousand_equals_is_exact, sql_engines, engine) {
  auto under = make_store(engine);
  constexpr int players = 1000;
  for (int player = 1; player <= players; ++player) add_player(*under.store, player);
  for (int first = 1; first <= players; first += 200) {
    std::vector<Award> batch;
    for (int player = first; player < first + 200; ++player) batch.push_back(award(player, "one"));
    auto committed = under.store->commit(batch, {}, start());
    BOOST_REQUIRE_MESSAGE(committed, why(committed));
  }
  for (int player = 1; player <= players; player += 10) {  // every tenth leaves them behind
    commit_one(*under.store, award(player, "two", 1));
  }
  for (const int player : {2, 255, 256, 257, 258, 513, 777, 999, 1000}) {
    const auto standing = under.store->standing(user_id(player));
    BOOST_REQUIRE_MESSAGE(standing && *standing, why(standing));
    const int left_before = (player - 1) / 10 + 1;
    BOOST_CHECK_EQUAL((*standing)->rank.value(), 100 + player - left_before);
  }
}

// Another process, as far as the counts can tell: its entries come only by the journal.
BOOST_DATA_TEST_CASE(two_stores_on_one_database_know_each_others_ranks, sql_engines, engine) {
  auto under = make_store(engine);
  auto opened = open_store(options_of(engine, *under.database));
  BOOST_REQUIRE_MESSAGE(opened, why(opened));
  Store& other = **opened;
  for (int player = 1; player <= 6; ++player) add_player(*under.store, player);
  const AwardRules rules{.limit = 1000, .boards = {Board::day, Board::week, Board::month}};
  for (int round = 0; round < 30; ++round) {
    Store& turn = round % 3 == 0 ? other : *under.store;
    const int player = round * 7 % 6 + 1;
    const auto outcome =
        commit_one(turn, award(player, "action-" + std::to_string(round), round % 4 + 1), rules);
    for (Store* store : {under.store.get(), &other}) {
      const auto standing = store->standing(user_id(player));
      BOOST_REQUIRE_MESSAGE(standing && *standing, why(standing));
      BOOST_CHECK_EQUAL((*standing)->rank.value(), outcome.receipt.rank.value());
    }
  }
  const auto report = verify(under.database->uri);
  BOOST_REQUIRE_MESSAGE(report, why(report));
  BOOST_CHECK_MESSAGE(report->findings.empty(), first_of(report->findings));
}

// Two stores with two committers each and readers between them, all at once.
BOOST_DATA_TEST_CASE(whoever_writes_and_reads_at_once_sees_exact_ranks, sql_engines, engine) {
  auto under = make_store(engine);
  auto opened = open_store(options_of(engine, *under.database));
  BOOST_REQUIRE_MESSAGE(opened, why(opened));
  constexpr int players = 24;
  for (int player = 1; player <= players; ++player) add_player(*under.store, player);
  const AwardRules rules{.limit = 100000, .boards = {Board::day}};
  std::atomic<bool> writing = true;
  std::atomic<int> faults = 0;
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 4; ++writer) {
    threads.emplace_back([&, writer] {
      Store& store = writer % 2 == 0 ? *under.store : **opened;
      for (int round = 0; round < 40; ++round) {
        std::vector<Award> batch;
        for (int i = 0; i < 10; ++i) {
          batch.push_back(award(
              (writer * 7 + round * 5 + i * 3) % players + 1,
              std::to_string(writer) + "-action-" + std::to_string(round * 10 + i), i % 3 + 1));
        }
        // Busy for too long is an answer too; asking again finds what was counted.
        int tries = 0;
        while (!store.commit(batch, rules, start())) {
          if (++tries == 20) {
            ++faults;
            break;
          }
        }
      }
    });
  }
  for (int reader = 0; reader < 2; ++reader) {
    threads.emplace_back([&, reader] {
      Store& store = reader == 0 ? *under.store : **opened;
      while (writing) {
        // Of one moment, so the ranks must be 1, 2, 3, ... without a gap.
        const auto around = store.around(Period{}, user_id(reader + 1), 4);
        if (!around || around->empty()) continue;
        for (std::size_t i = 1; i < around->size(); ++i) {
          const Standing& before = (*around)[i - 1];
          const Standing& after = (*around)[i];
          if (before.rank.value() + 1 != after.rank.value() || before.score < after.score) ++faults;
        }
        if (around->front().rank.value() < 1) ++faults;
      }
    });
  }
  for (std::size_t i = 0; i < 4; ++i) threads[i].join();
  writing = false;
  for (std::size_t i = 4; i < threads.size(); ++i) threads[i].join();
  BOOST_CHECK_EQUAL(faults.load(), 0);
  const auto report = verify(under.database->uri);
  BOOST_REQUIRE_MESSAGE(report, why(report));
  BOOST_CHECK_MESSAGE(report->findings.empty(), first_of(report->findings));
  BOOST_CHECK_EQUAL(report->events, 1600);
}

BOOST_AUTO_TEST_SUITE_END()
