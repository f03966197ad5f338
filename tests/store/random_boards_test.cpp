// SPDX-License-Identifier: Apache-2.0
// Random batches on the reference and on each engine: many ties, repeats of every kind, limits,
// steps of time and ended sessions. Every outcome, board and standing must be the same, and verify
// clean.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <random>

#include "store/stores.hpp"
#include "store/verify.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;

namespace {

constexpr int players = 14;
int sessions_of_round = 0;

// Time has been skipped, so the sessions of the beginning are over; these have the same ids.
void renew_sessions(StoreUnderTest& reference, StoreUnderTest& real, int round, Timestamp now) {
  for (Store* store : {reference.store.get(), real.store.get()}) {
    for (int player = 1; player <= players; ++player) {
      auto added = store->add_session(
          {.id = session_id(1000 * (round + 1) + player),
           .user = user_id(player),
           .refresh_hash = "refresh " + std::to_string(round) + " " + std::to_string(player),
           .expires_at = now + std::chrono::hours{100}},
          now);
      BOOST_REQUIRE_MESSAGE(added, why(added));
    }
  }
  sessions_of_round = 1000 * (round + 1);
}

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
  one.session = session_id(sessions_of_round + player);
  if (random() % 30 == 0)
    one.session = session_id(sessions_of_round + static_cast<int>(random() % players) + 1);
  return one;
}

// Everything that can be asked about one period, of both stores.
void compare_period(const StoreUnderTest& reference, const StoreUnderTest& real, Period period,
                    const std::string& where) {
  for (const int limit : {1, 10, 50}) {
    BOOST_REQUIRE_EQUAL(where + describe(*reference.store->top(period, limit)),
                        where + describe(*real.store->top(period, limit)));
  }
  const auto everybody = *reference.store->page(period, {}, 100);
  BOOST_REQUIRE_EQUAL(where + describe(everybody),
                      where + describe(*real.store->page(period, {}, 100)));
  for (const Standing& one : everybody) {
    const BoardCursor after{one.score, one.reached};
    BOOST_REQUIRE_EQUAL(where + describe(*reference.store->page(period, after, 3)),
                        where + describe(*real.store->page(period, after, 3)));
  }
  for (int player = 1; player <= players; ++player) {
    const UserId user = user_id(player);
    BOOST_REQUIRE_EQUAL(where + describe(**reference.store->standing(period, user)),
                        where + describe(**real.store->standing(period, user)));
    BOOST_REQUIRE_EQUAL(where + describe(*reference.store->around(period, user, 2)),
                        where + describe(*real.store->around(period, user, 2)));
  }
}

void compare(const StoreUnderTest& reference, const StoreUnderTest& real, Timestamp now,
             const std::string& where) {
  const UtcCalendar calendar;
  for (const Board board : {Board::all, Board::day, Board::week, Board::month}) {
    const std::string which = where + " " + std::string(board_name(board)) + "\n";
    const Period period = calendar.period(board, now);
    compare_period(reference, real, period, which);
    if (board == Board::all) continue;
    const Period past = calendar.period(board, period.start - std::chrono::hours{1});
    compare_period(reference, real, past, "past " + which);
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

BOOST_DATA_TEST_CASE(an_engine_agrees_with_the_reference,
                     boost::unit_test::data::make({Engine::sqlite, Engine::postgresql}), engine) {
  const unsigned seed = std::random_device{}();
  for (unsigned game = 0; game < 4; ++game) {
    std::mt19937_64 random(seed + game);
    auto reference = make_store(Engine::memory);
    auto real = make_store(engine);
    for (int player = 1; player <= players; ++player) {
      add_player(*reference.store, player);
      add_player(*real.store, player);
    }
    const AwardRules rules{.limit = 4,
                           .window = std::chrono::seconds{60},
                           .boards = {Board::day, Board::week, Board::month}};
    Timestamp now = start();
    sessions_of_round = 0;
    for (int round = 0; round < 120; ++round) {
      const std::string where =
          "seed " + std::to_string(seed + game) + " round " + std::to_string(round);
      now += std::chrono::microseconds{random() % 20'000'000};
      if (random() % 20 == 0) {
        now += std::chrono::hours{random() % 200};
        renew_sessions(reference, real, round, now);
      }
      if (random() % 40 == 0) {
        const SessionId ended =
            session_id(sessions_of_round + static_cast<int>(random() % players) + 1);
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
      if (round % 10 == 0) compare(reference, real, now, where);
    }
    const auto report = verify(real.database->uri);
    BOOST_REQUIRE_MESSAGE(report, why(report));
    BOOST_REQUIRE_MESSAGE(report->findings.empty(),
                          "seed " << seed + game << ": " << first_of(report->findings));
    BOOST_CHECK_GT(report->events, 50);
  }
}

BOOST_AUTO_TEST_SUITE_END()
