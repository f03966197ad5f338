// SPDX-License-Identifier: Apache-2.0
#include "board/periods.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard;
using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

Timestamp at(year_month_day date, microseconds time = 0us) {
  return sys_days{date} + time;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(periods)

BOOST_AUTO_TEST_CASE(names_go_there_and_back) {
  for (const Board board : {Board::all, Board::day, Board::week, Board::month}) {
    BOOST_CHECK(board_named(board_name(board)) == board);
  }
  BOOST_CHECK(!board_named("year"));
  BOOST_CHECK(!board_named(""));
}

BOOST_AUTO_TEST_CASE(a_moment_is_in_one_period_of_each_board) {
  const UtcCalendar calendar;
  const Timestamp moment = at(2026y / November / 25, 21h + 30min);  // a Wednesday
  BOOST_CHECK(calendar.period(Board::all, moment) == Period{});
  BOOST_CHECK(
      (calendar.period(Board::day, moment) == Period{Board::day, at(2026y / November / 25)}));
  BOOST_CHECK(
      (calendar.period(Board::week, moment) == Period{Board::week, at(2026y / November / 23)}));
  BOOST_CHECK(
      (calendar.period(Board::month, moment) == Period{Board::month, at(2026y / November / 1)}));
}

BOOST_AUTO_TEST_CASE(a_period_ends_where_the_next_one_starts) {
  const UtcCalendar calendar;
  for (const Board board : {Board::day, Board::week, Board::month}) {
    Timestamp moment = at(2027y / December / 20, 1h);
    for (int i = 0; i < 100; ++i) {
      const Period period = calendar.period(board, moment);
      const Timestamp end = calendar.end(period);
      BOOST_REQUIRE(period.start <= moment && moment < end);
      BOOST_REQUIRE(calendar.period(board, end - 1us) == period);
      BOOST_REQUIRE((calendar.period(board, end) == Period{board, end}));
      moment = end + 1h;
    }
  }
  BOOST_CHECK(calendar.end(Period{}) == Timestamp::max());
}

BOOST_AUTO_TEST_CASE(dates_that_do_not_exist_have_no_midnight) {
  const UtcCalendar calendar;
  BOOST_CHECK(calendar.midnight(2028, 2, 29) == at(2028y / February / 29));
  BOOST_CHECK(!calendar.midnight(2027, 2, 29));
  BOOST_CHECK(!calendar.midnight(2027, 13, 1));
}

BOOST_AUTO_TEST_CASE(the_all_time_board_comes_first_and_once) {
  const auto periods = periods_at(UtcCalendar{}, {Board::month, Board::all}, at(2026y / May / 5));
  BOOST_REQUIRE_EQUAL(periods.size(), 2U);
  BOOST_CHECK(periods[0] == Period{});
  BOOST_CHECK(periods[1].board == Board::month);
}

BOOST_AUTO_TEST_SUITE_END()
