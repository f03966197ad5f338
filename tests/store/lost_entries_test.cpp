// SPDX-License-Identifier: Apache-2.0
// A standby takes over that had not received the last entries of the journal. The processes that
// counted them must not rank anybody by them.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/stores.hpp"
#include "store/transfers.hpp"

using namespace scoreboard;
using namespace scoreboard::tests;

namespace {

const auto engines = boost::unit_test::data::make({Engine::sqlite, Engine::postgresql});

// A refusal with a Retry-After is an answer too: the counts are being loaded.
AwardOutcome commit_soon(Store& store, const Award& one) {
  for (int i = 0; i < 3; ++i) {
    const auto outcomes = store.commit(std::span(&one, 1), {}, start());
    if (outcomes) return outcomes->front();
    BOOST_REQUIRE((outcomes.error().code == ErrorCode::unavailable));
  }
  BOOST_FAIL("refused for ever");
  return {};
}

// As if the entries of these players, who had no points before, had never been.
void lose(const TestDatabase& database, int from_entry, const std::string& players) {
  const std::string entry = std::to_string(from_entry);
  database.execute("DELETE FROM events WHERE reached >= " + entry +
                   " * 256; DELETE FROM journal WHERE seq >= " + entry +
                   "; DELETE FROM scores WHERE reached >= " + entry +
                   " * 256; UPDATE players SET event_number = 0 WHERE user_id IN (" + players +
                   "); UPDATE journal_head SET seq = " + entry +
                   " - 1, hash = (SELECT hash FROM journal WHERE seq = " + entry +
                   " - 1), committed_at = (SELECT committed_at FROM journal WHERE seq = " + entry +
                   " - 1)");
}

StoreUnderTest with_three_entries(Engine engine) {
  auto under = make_store(engine);
  for (int player = 1; player <= 5; ++player) add_player(*under.store, player);
  for (int player = 1; player <= 3; ++player) {
    commit_soon(*under.store, award(player, "action-one", 10LL * player));
  }
  return under;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lost_entries)

BOOST_DATA_TEST_CASE(the_next_awards_are_ranked_by_what_is_left, engines, engine) {
  auto under = with_three_entries(engine);
  lose(*under.database, 2, "2, 3");
  BOOST_TEST(commit_soon(*under.store, award(4, "action-one", 5)).receipt.rank.value() == 2);
  BOOST_TEST(commit_soon(*under.store, award(5, "action-one", 15)).receipt.rank.value() == 1);
  const auto standing = under.store->standing(user_id(1));
  BOOST_REQUIRE_MESSAGE(standing && *standing, why(standing));
  BOOST_TEST((*standing)->rank.value() == 2);
  check_clean(under.database->uri);
}

// The other history is as long by the time this process looks, or longer.
BOOST_DATA_TEST_CASE(another_process_was_faster, engines, engine) {
  for (const int more : {2, 3}) {
    auto under = with_three_entries(engine);
    lose(*under.database, 2, "2, 3");
    auto opened = open_store(options_of(engine, *under.database));
    BOOST_REQUIRE_MESSAGE(opened, why(opened));
    for (int i = 1; i <= more; ++i) {
      commit_soon(**opened, award(4, "action-" + std::to_string(i), 1));
    }
    BOOST_TEST(commit_soon(*under.store, award(5, "action-one", 5)).receipt.rank.value() == 2);
    check_clean(under.database->uri);
  }
}

BOOST_AUTO_TEST_SUITE_END()
