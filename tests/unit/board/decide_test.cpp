// SPDX-License-Identifier: Apache-2.0
// The corners of the decision that a store cannot easily be brought to; tests/store has the rest.
#include "board/decide.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard;
using namespace std::chrono_literals;

namespace {

const UserId ana{"ana"};
const SessionId session{"session"};
const Timestamp now = from_micros(1770028200000000);

BatchState state_with(std::int64_t event_number, std::int64_t score) {
  BatchState state;
  state.live_sessions.insert({session, ana});
  state.players[ana] = {event_number, {{Period{}, {Score{score}, Reached{1}}}}};
  return state;
}

Award award(const char* action) {
  return {.user = ana,
          .session = session,
          .action = ActionId{action},
          .contract = Contract::increment,
          .payload = "increment 1",
          .points = Points{1},
          .request = RequestId{"request"}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(deciding)

BOOST_AUTO_TEST_CASE(the_numbers_looked_up_are_those_that_bound_the_window) {
  BOOST_CHECK((window_numbers(0, 1, 10) == std::pair<std::int64_t, std::int64_t>{1, 0}));
  BOOST_CHECK((window_numbers(9, 1, 10) == std::pair<std::int64_t, std::int64_t>{1, 9}));
  BOOST_CHECK((window_numbers(10, 1, 10) == std::pair<std::int64_t, std::int64_t>{1, 10}));
  BOOST_CHECK((window_numbers(25, 3, 10) == std::pair<std::int64_t, std::int64_t>{16, 25}));
  // Where nobody is told what is left, only as many as there are actions.
  BOOST_CHECK((window_numbers(225, 3, 101) == std::pair<std::int64_t, std::int64_t>{125, 127}));
  BOOST_CHECK((window_numbers(225, 3, 100) == std::pair<std::int64_t, std::int64_t>{126, 225}));
  BOOST_CHECK((window_numbers(3, 20, 2) == std::pair<std::int64_t, std::int64_t>{2, 3}));
}

BOOST_AUTO_TEST_CASE(actions_of_one_batch_count_against_their_own_window) {
  auto state = state_with(0, 0);
  const std::vector<Award> batch = {award("a"), award("b"), award("c")};
  const auto decisions = decide(batch, state, {.limit = 2, .window = 60s}, JournalSeq{1}, now);
  BOOST_CHECK(decisions[1].verdict == Verdict::awarded);
  BOOST_CHECK(decisions[2].verdict == Verdict::rate_limited);
  BOOST_CHECK_EQUAL(decisions[2].retry_after.count(), 60);
  BOOST_CHECK((decisions[0].allowance == Allowance{1, 60s}));
  BOOST_CHECK((decisions[1].allowance == Allowance{0, 60s}));
  BOOST_CHECK((decisions[2].allowance == Allowance{0, 60s}));
}

BOOST_AUTO_TEST_CASE(what_is_left_is_told_by_the_first_event_that_is_still_in_the_window) {
  const Award known = award("known");
  const auto left = [&](int limit, std::initializer_list<std::chrono::microseconds> ages) {
    auto state = state_with(20, 5);
    std::int64_t number = 20;
    for (const auto age : ages) state.accepted[{ana, number--}] = now - age;
    state.events[{ana, known.action}] = {known.contract, known.payload, known.request, {}};
    return decide(std::span(&known, 1), state, {.limit = limit, .window = 60s}, {}, now)[0]
        .allowance;
  };
  BOOST_CHECK((left(3, {}) == Allowance{3, 0s}));
  BOOST_CHECK((left(3, {10s, 20s}) == Allowance{1, 40s}));
  BOOST_CHECK((left(3, {10s, 59500ms, 60s}) == Allowance{1, 1s}));
  BOOST_CHECK((left(3, {0s, 1us, 2us}) == Allowance{0, 60s}));
  BOOST_CHECK((left(allowance_told_max, {10s}) == Allowance{allowance_told_max - 1, 50s}));
  BOOST_CHECK(!left(allowance_told_max + 1, {10s}));
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_locks_nobody_out) {
  const std::vector<Award> batch = {award("b")};
  const auto verdict_after = [&](std::chrono::microseconds ahead) {
    auto state = state_with(1, 5);
    state.accepted[{ana, 1}] = now + ahead;
    return decide(batch, state, {.limit = 1, .window = 60s}, JournalSeq{2}, now)[0].verdict;
  };
  BOOST_CHECK(verdict_after(1h) == Verdict::awarded);
  // Two hosts' clocks never agree: that much from the future is still a bound.
  BOOST_CHECK(verdict_after(1s) == Verdict::rate_limited);
}

BOOST_AUTO_TEST_CASE(time_does_not_run_backwards_unless_a_clock_was_set) {
  BOOST_CHECK(entry_time(now, now - 1h) == now);
  BOOST_CHECK(entry_time(now, now + 1s) == now + 1s);
  BOOST_CHECK(entry_time(now, now + 1h) == now);
}

BOOST_AUTO_TEST_CASE(an_action_moves_its_player_on_every_board_of_the_batch) {
  const UtcCalendar calendar;
  auto state = state_with(3, 10);
  state.periods = periods_at(calendar, {Board::day, Board::week}, now);
  state.players[ana].places[state.periods[2]] = {Score{4}, Reached{7}};
  const std::vector<Award> batch = {award("a"), award("b")};
  auto decisions = decide(batch, state, {}, JournalSeq{9}, now);
  rank_awards(decisions, [](Period period, Score) { return static_cast<int>(period.board); });
  const auto& second = decisions[1];
  BOOST_REQUIRE_EQUAL(second.moves.size(), 3U);
  BOOST_CHECK_EQUAL(second.receipt.current.value(), 12);
  BOOST_REQUIRE_EQUAL(second.receipt.periods.size(), 2U);
  BOOST_CHECK_EQUAL(second.receipt.periods[0].previous.value(), 1);  // today's first was the other
  BOOST_CHECK_EQUAL(second.receipt.periods[0].current.value(), 2);
  BOOST_CHECK_EQUAL(second.receipt.periods[0].rank.value(), 3);
  BOOST_CHECK_EQUAL(second.receipt.periods[1].current.value(), 6);
  BOOST_CHECK(second.moves[2].before.reached == (Reached{JournalSeq{9}, 0}));
}

BOOST_AUTO_TEST_CASE(another_users_session_is_no_session) {
  auto state = state_with(0, 0);
  Award stolen = award("a");
  stolen.session = SessionId{"another"};
  const auto decisions = decide(std::span(&stolen, 1), state, {}, JournalSeq{1}, now);
  BOOST_CHECK(decisions[0].verdict == Verdict::session_ended);
}

BOOST_AUTO_TEST_CASE(a_rank_counts_what_the_batch_changed_before_it) {
  const UserId bo{"bo"};
  auto state = state_with(3, 10);
  state.live_sessions.insert({session, bo});
  state.players[bo] = {1, {{Period{}, {Score{10}, Reached{2}}}}};
  std::vector<Award> batch = {award("a"), award("b")};
  batch[1].user = bo;
  auto decisions = decide(batch, state, {}, JournalSeq{9}, now);
  // Before the batch: ana and bo at 10, somebody at 11.
  rank_awards(decisions,
              [](Period, Score score) { return score.value() <= 10 ? 3 : score.value() <= 11; });
  BOOST_CHECK_EQUAL(decisions[0].receipt.rank.value(), 2);
  BOOST_CHECK_EQUAL(decisions[1].receipt.rank.value(), 3);
  BOOST_CHECK(decisions[0].receipt.reached < decisions[1].receipt.reached);
}

BOOST_AUTO_TEST_SUITE_END()
