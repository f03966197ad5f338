// SPDX-License-Identifier: Apache-2.0
// The boards and their periods. One action counts on the all-time board and on those of the day,
// the week and the month in which it was accepted. A period begins by the first action in it:
// nothing opens or closes it, so there is nothing to race and nothing to miss.
//
// Where days begin is a Calendar's matter. UtcCalendar needs nothing but arithmetic; other zones
// come from ops/zone_calendar.hpp.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "outcome/timestamp.hpp"

namespace scoreboard {

// The numbers are those of the table `boards` and of the journal.
enum class Board : std::uint8_t { all = 1, day = 2, week = 3, month = 4 };

std::string_view board_name(Board board);  // "all", "day", "week", "month"
std::optional<Board> board_named(std::string_view name);

// The all-time board has one period, which starts at 0.
struct Period {
  Board board = Board::all;
  Timestamp start = {};
  friend auto operator<=>(const Period&, const Period&) = default;
};

// Thread-safe.
class Calendar {
 public:
  virtual ~Calendar() = default;
  // The period of `board` that holds `at`. Weeks begin on Monday (ISO 8601).
  virtual Period period(Board board, Timestamp at) const = 0;
  // When the period after `period` starts; the end of time for the all-time board.
  virtual Timestamp end(Period period) const = 0;
  // Midnight at the beginning of a date; empty for a date that the calendar does not have.
  virtual std::optional<Timestamp> midnight(int year, unsigned month, unsigned day) const = 0;
};

class UtcCalendar final : public Calendar {
 public:
  Period period(Board board, Timestamp at) const override;
  Timestamp end(Period period) const override;
  std::optional<Timestamp> midnight(int year, unsigned month, unsigned day) const override;
};

// The periods that an action at `at` counts in: the all-time board first, then `boards` in order.
std::vector<Period> periods_at(const Calendar& calendar, const std::vector<Board>& boards,
                               Timestamp at);

}  // namespace scoreboard
