// SPDX-License-Identifier: Apache-2.0
#include "board/periods.hpp"

#include <array>
#include <chrono>

namespace scoreboard {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::Monday;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::weekday;
using std::chrono::weeks;
using std::chrono::year_month_day;

struct Name {
  Board board;
  std::string_view name;
};
constexpr std::array names = {Name{Board::all, "all"}, Name{Board::day, "day"},
                              Name{Board::week, "week"}, Name{Board::month, "month"}};

}  // namespace

std::string_view board_name(Board board) {
  for (const Name& one : names) {
    if (one.board == board) return one.name;
  }
  return {};
}

std::optional<Board> board_named(std::string_view name) {
  for (const Name& one : names) {
    if (one.name == name) return one.board;
  }
  return std::nullopt;
}

Period UtcCalendar::period(Board board, Timestamp at) const {
  const sys_days today = floor<days>(at);
  switch (board) {
    case Board::all:
      return {};
    case Board::day:
      return {board, today};
    case Board::week:
      return {board, today - (weekday{today} - Monday)};
    case Board::month: {
      const year_month_day date{today};
      return {board, sys_days{date.year() / date.month() / 1}};
    }
  }
  return {};
}

Timestamp UtcCalendar::end(Period period) const {
  switch (period.board) {
    case Board::all:
      return Timestamp::max();
    case Board::day:
      return period.start + days{1};
    case Board::week:
      return period.start + weeks{1};
    case Board::month: {
      const year_month_day first{floor<days>(period.start)};
      return sys_days{(first.year() / first.month() + months{1}) / 1};
    }
  }
  return Timestamp::max();
}

std::optional<Timestamp> UtcCalendar::midnight(int year, unsigned month, unsigned day) const {
  const auto date = std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
  if (!date.ok()) return std::nullopt;
  return sys_days{date};
}

std::vector<Period> periods_at(const Calendar& calendar, const std::vector<Board>& boards,
                               Timestamp at) {
  std::vector<Period> periods = {Period{}};
  for (const Board board : boards) {
    if (board != Board::all) periods.push_back(calendar.period(board, at));
  }
  return periods;
}

}  // namespace scoreboard
