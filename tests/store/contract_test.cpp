// SPDX-License-Identifier: Apache-2.0
// The contract of store.hpp, on every store.
#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "store/stores.hpp"

namespace data = boost::unit_test::data;
using namespace scoreboard;
using namespace scoreboard::tests;
using namespace std::chrono_literals;

namespace {

const auto engines = data::make(
    {Engine::memory, Engine::sqlite, Engine::postgresql, Engine::postgresql_serializable});

AwardOutcome commit_one(Store& store, const Award& one, Timestamp now = start(),
                        const AwardRules& rules = {}) {
  auto outcomes = store.commit(std::span(&one, 1), rules, now);
  BOOST_REQUIRE_MESSAGE(outcomes, why(outcomes));
  BOOST_REQUIRE_EQUAL(outcomes->size(), 1U);
  return outcomes->front();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store_contract)

BOOST_DATA_TEST_CASE(names_and_mail_are_unique_without_regard_to_case, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  NewUser again{.id = user_id(2),
                .username = Username{"PLAYER1"},
                .email = "other@example.org",
                .display_name = "x",
                .password_hash = "x"};
  auto refused = under.store->add_user(again, start());
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(refused.error().code == ErrorCode::already_exists);
  BOOST_CHECK_EQUAL(refused.error().field, "username");
  again.username = Username{"other"};
  again.email = "Player1@Example.org";
  refused = under.store->add_user(again, start());
  BOOST_REQUIRE(!refused);
  BOOST_CHECK_EQUAL(refused.error().field, "email");
}

BOOST_DATA_TEST_CASE(credentials_are_found_by_name_and_by_mail, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  for (const char* name : {"player1", "PLAYER1", "player1@example.org", "Player1@EXAMPLE.org"}) {
    auto found = under.store->find_credential(name);
    BOOST_REQUIRE(found && *found);
    BOOST_CHECK((*found)->user.id == user_id(1));
    BOOST_CHECK_EQUAL((*found)->password_hash, "hash of player1");
  }
  auto unknown = under.store->find_credential("nobody");
  BOOST_REQUIRE(unknown);
  BOOST_CHECK(!*unknown);
}

// Nginx sends a request again when the worker that had it died, perhaps after its COMMIT.
BOOST_DATA_TEST_CASE(a_request_that_is_sent_again_finds_its_own_work, engines, engine) {
  auto under = make_store(engine);
  const RequestId request{"request-1"};
  NewUser user{.id = user_id(2),
               .username = Username{"player2"},
               .email = "player2@example.org",
               .display_name = "player2",
               .password_hash = "hash",
               .request = request};
  BOOST_REQUIRE(under.store->add_user(user, start()));
  user.id = user_id(3);
  const auto again = under.store->add_user(user, start());
  BOOST_REQUIRE_MESSAGE(again, why(again));
  BOOST_CHECK(again->id == user_id(2));
  user.request = RequestId{"request-3"};
  BOOST_CHECK(!under.store->add_user(user, start()));
}

BOOST_DATA_TEST_CASE(an_award_answers_its_receipt, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  add_player(*under.store, 2);
  const auto first = commit_one(*under.store, award(1, "action-1", 10));
  BOOST_CHECK(first.verdict == Verdict::awarded);
  BOOST_CHECK_EQUAL(first.receipt.previous.value(), 0);
  BOOST_CHECK_EQUAL(first.receipt.current.value(), 10);
  BOOST_CHECK_EQUAL(first.receipt.rank.value(), 1);
  BOOST_CHECK_EQUAL(first.receipt.reached.seq().value(), 1);
  BOOST_REQUIRE_EQUAL(first.top.size(), 1U);
  // Who reaches a score later stands behind.
  BOOST_CHECK_EQUAL(commit_one(*under.store, award(2, "action-1", 10)).receipt.rank.value(), 2);
  BOOST_CHECK_EQUAL(commit_one(*under.store, award(2, "action-2", 1)).receipt.rank.value(), 1);
}

BOOST_DATA_TEST_CASE(a_repeat_never_counts_and_is_told_by_contract, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  const Award one = award(1, "action-1", 10);
  const auto first = commit_one(*under.store, one);
  auto again = commit_one(*under.store, one, start() + 1s);
  BOOST_CHECK(again.verdict == Verdict::replayed);
  again.verdict = first.verdict;
  BOOST_CHECK_EQUAL(describe(again), describe(first));
  BOOST_CHECK(commit_one(*under.store, award(1, "action-1", 11)).verdict == Verdict::conflict);
  Award update = one;
  update.contract = Contract::update;
  BOOST_CHECK(commit_one(*under.store, update).verdict == Verdict::replayed);  // same request
  update.request = RequestId{"another"};
  BOOST_CHECK(commit_one(*under.store, update).verdict == Verdict::duplicate);
  BOOST_CHECK_EQUAL((*under.store->standing(user_id(1)))->score.value(), 10);
  BOOST_CHECK_EQUAL(under.store->journal_head()->seq.value(), 1);
}

BOOST_DATA_TEST_CASE(the_window_slides_exactly, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  const AwardRules rules{.limit = 2, .window = 60s};
  const auto at = [&](const char* action, std::chrono::microseconds after) {
    return commit_one(*under.store, award(1, action), start() + after, rules);
  };
  BOOST_CHECK(at("action-1", 0s).verdict == Verdict::awarded);
  BOOST_CHECK(at("action-2", 10s).verdict == Verdict::awarded);
  const auto refused = at("action-3", 20s);
  BOOST_CHECK(refused.verdict == Verdict::rate_limited);
  BOOST_CHECK_EQUAL(refused.retry_after.count(), 40);
  BOOST_CHECK(at("action-3", 60s - 1us).verdict == Verdict::rate_limited);
  BOOST_CHECK(at("action-3", 60s).verdict == Verdict::awarded);
  BOOST_CHECK(at("action-4", 70s - 1us).verdict == Verdict::rate_limited);
  BOOST_CHECK(at("action-4", 70s).verdict == Verdict::awarded);
}

BOOST_DATA_TEST_CASE(a_batch_is_one_entry_decided_in_order, engines, engine) {
  auto under = make_store(engine);
  for (int player = 1; player <= 3; ++player) add_player(*under.store, player);
  const std::vector<Award> batch = {award(1, "action-1", 5), award(2, "action-1", 5),
                                    award(1, "action-2", 5), award(1, "action-1", 5),
                                    award(3, "action-1", 7)};
  auto outcomes = under.store->commit(batch, {}, start());
  BOOST_REQUIRE(outcomes);
  std::vector<std::int64_t> ranks;
  for (const auto& outcome : *outcomes) ranks.push_back(outcome.receipt.rank.value());
  const std::vector<std::int64_t> expected = {1, 2, 1, 1, 2};
  BOOST_TEST(ranks == expected, boost::test_tools::per_element());
  BOOST_CHECK((*outcomes)[3].verdict == Verdict::replayed);
  BOOST_CHECK_EQUAL(under.store->journal_head()->seq.value(), 1);
  const auto changes = under.store->changes_after(JournalSeq{0}, 1);
  BOOST_REQUIRE(changes);
  BOOST_CHECK_EQUAL(changes->size(), 4U);  // whole entries, whatever the limit
  BOOST_CHECK(under.store->changes_after(JournalSeq{1}, 100)->empty());
}

BOOST_DATA_TEST_CASE(an_empty_board_has_version_0, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  const auto view = under.store->top(10);
  BOOST_REQUIRE(view);
  BOOST_CHECK_EQUAL(view->version.value(), 0);
  BOOST_CHECK(view->standings.empty());
  BOOST_CHECK_GT(to_micros(view->updated_at), 0);
  const auto standing = under.store->standing(user_id(1));
  BOOST_REQUIRE(standing && *standing);
  BOOST_CHECK_EQUAL((*standing)->rank.value(), 1);
  BOOST_CHECK(!*under.store->standing(user_id(9)));
}

BOOST_DATA_TEST_CASE(one_action_counts_on_every_board_of_its_moment, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  add_player(*under.store, 2);
  const AwardRules rules{.boards = {Board::day, Board::week, Board::month}};
  const UtcCalendar calendar;
  // 10:30 and, a session's life later, still the same day; both before midnight.
  commit_one(*under.store, award(1, "action-1", 5), start(), rules);
  const auto second = commit_one(*under.store, award(2, "action-1", 7), start() + 30min, rules);
  BOOST_REQUIRE_EQUAL(second.receipt.periods.size(), 3U);
  const PeriodReceipt& day = second.receipt.periods[0];
  BOOST_CHECK(day.period == calendar.period(Board::day, start()));
  BOOST_CHECK_EQUAL(day.previous.value(), 0);
  BOOST_CHECK_EQUAL(day.current.value(), 7);
  BOOST_CHECK_EQUAL(day.rank.value(), 1);
  const auto view = under.store->top(day.period, 10);
  BOOST_REQUIRE(view);
  BOOST_CHECK_EQUAL(describe(view->standings), describe(under.store->top(10)->standings));
  // Tomorrow's board has nobody, and nothing had to begin it.
  const Period tomorrow = calendar.period(Board::day, start() + 24h);
  BOOST_CHECK(under.store->top(tomorrow, 10)->standings.empty());
  BOOST_CHECK_EQUAL((*under.store->standing(tomorrow, user_id(1)))->rank.value(), 1);
}

BOOST_DATA_TEST_CASE(a_finished_period_keeps_its_standings, engines, engine) {
  auto under = make_store(engine);
  for (int player = 1; player <= 3; ++player) add_player(*under.store, player);
  const AwardRules rules{.boards = {Board::day}};
  const UtcCalendar calendar;
  std::vector<std::string> finished;
  for (int day = 0; day < 6; ++day) {
    const Timestamp now = start() + 24h * day;
    for (int player = 1; player <= 3; ++player) {
      BOOST_REQUIRE(under.store->add_session({.id = session_id(100 * (day + 1) + player),
                                              .user = user_id(player),
                                              .refresh_hash = std::to_string(100 * day + player),
                                              .expires_at = now + 1h},
                                             now));
      Award one = award(player, "action-" + std::to_string(day), (player + day) % 3 + 1);
      one.session = session_id(100 * (day + 1) + player);
      commit_one(*under.store, one, now, rules);
    }
    finished.push_back(describe(*under.store->page(calendar.period(Board::day, now), {}, 10)));
  }
  for (int day = 0; day < 6; ++day) {
    const Period period = calendar.period(Board::day, start() + 24h * day);
    BOOST_CHECK_EQUAL(describe(*under.store->page(period, {}, 10)),
                      finished[static_cast<std::size_t>(day)]);
    BOOST_CHECK_EQUAL((*under.store->standing(period, user_id(1)))->score.value(),
                      (1 + day) % 3 + 1);
  }
}

BOOST_DATA_TEST_CASE(pages_and_neighbours_go_through_everybody_once, engines, engine) {
  auto under = make_store(engine);
  for (int player = 1; player <= 23; ++player) {
    add_player(*under.store, player);
    if (player < 23) commit_one(*under.store, award(player, "action-1", player % 4 + 1));
  }
  std::vector<Standing> all;
  std::optional<BoardCursor> after;
  for (;;) {
    auto page = under.store->page(Period{}, after, 5);
    BOOST_REQUIRE_MESSAGE(page, why(page));
    if (page->empty()) break;
    all.insert(all.end(), page->begin(), page->end());
    after = BoardCursor{all.back().score, all.back().reached};
  }
  BOOST_REQUIRE_EQUAL(all.size(), 22U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    BOOST_CHECK_EQUAL(all[i].rank.value(), static_cast<std::int64_t>(i) + 1);
    const auto around = under.store->around(Period{}, all[i].user, 2);
    BOOST_REQUIRE_MESSAGE(around, why(around));
    const std::size_t first = i < 2 ? 0 : i - 2;
    const std::size_t last = std::min(all.size() - 1, i + 2);
    BOOST_REQUIRE_EQUAL(around->size(), last - first + 1);
    for (std::size_t j = first; j <= last; ++j) {
      BOOST_CHECK_EQUAL(describe((*around)[j - first]), describe(all[j]));
    }
  }
  const auto behind_all = under.store->around(Period{}, user_id(23), 3);
  BOOST_REQUIRE(behind_all);
  BOOST_REQUIRE_EQUAL(behind_all->size(), 4U);
  BOOST_CHECK_EQUAL(behind_all->back().rank.value(), 23);
  BOOST_CHECK(under.store->around(Period{}, user_id(99), 3)->empty());
}

BOOST_DATA_TEST_CASE(a_receipt_is_found_again, engines, engine) {
  auto under = make_store(engine);
  add_player(*under.store, 1);
  const AwardRules rules{.boards = {Board::day, Board::week, Board::month}};
  const auto outcome = commit_one(*under.store, award(1, "action-1", 3), start(), rules);
  const auto receipt = under.store->receipt(user_id(1), ActionId{"action-1"});
  BOOST_REQUIRE(receipt && *receipt);
  BOOST_CHECK_EQUAL(describe(**receipt), describe(outcome.receipt));
  BOOST_CHECK(!*under.store->receipt(user_id(1), ActionId{"action-2"}));
  BOOST_CHECK(!*under.store->receipt(user_id(2), ActionId{"action-1"}));
}

BOOST_AUTO_TEST_SUITE_END()
