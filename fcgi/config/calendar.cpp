// SPDX-License-Identifier: Apache-2.0
#include "config/calendar.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace scoreboard::config {
namespace {

class ZoneCalendar final : public Calendar {
 public:
  explicit ZoneCalendar(const date::time_zone& zone) : zone_(zone) {}

  Period period(Board board, Timestamp at) const override {
    if (board == Board::all) return {};
    const auto today = date::floor<date::days>(zone_.to_local(at));
    switch (board) {
      case Board::all:
      case Board::day:
        break;
      case Board::week:
        return {board, midnight_of(today - (date::weekday{today} - date::Monday))};
      case Board::month: {
        const date::year_month_day date{today};
        return {board, midnight_of(date::local_days{date.year() / date.month() / 1})};
      }
    }
    return {board, midnight_of(today)};
  }

  Timestamp end(Period period) const override {
    // Noon, so that the hour that a clock change takes or gives leads to no other date.
    const auto first = date::floor<date::days>(zone_.to_local(period.start + noon));
    switch (period.board) {
      case Board::all:
        return Timestamp::max();
      case Board::day:
        return midnight_of(first + date::days{1});
      case Board::week:
        return midnight_of(first + date::days{7});
      case Board::month: {
        const date::year_month_day date{first};
        return midnight_of(date::local_days{(date.year() / date.month() + date::months{1}) / 1});
      }
    }
    return Timestamp::max();
  }

  std::optional<Timestamp> midnight(int year, unsigned month, unsigned day) const override {
    const auto date = date::year{year} / date::month{month} / date::day{day};
    if (!date.ok()) return std::nullopt;
    return midnight_of(date::local_days{date});
  }

 private:
  static constexpr std::chrono::hours noon{12};

  // The first moment of a date. Where clocks skip midnight it is the moment after the skip; where
  // midnight comes twice it is the first one.
  Timestamp midnight_of(date::local_days day) const {
    return std::chrono::time_point_cast<Timestamp::duration>(
        zone_.to_sys(day, date::choose::earliest));
  }

  const date::time_zone& zone_;
};

}  // namespace

Result<std::shared_ptr<const Calendar>> make_calendar(const std::string& time_zone) {
  if (time_zone == "UTC") return std::shared_ptr<const Calendar>(std::make_shared<UtcCalendar>());
  try {
    return std::shared_ptr<const Calendar>(
        std::make_shared<ZoneCalendar>(*date::locate_zone(time_zone)));
  } catch (const std::runtime_error&) {
    return Error{.code = ErrorCode::malformed,
                 .log = "is no time zone that this system knows: " + time_zone};
  }
}

Result<std::vector<Board>> parse_boards(const std::string& names) {
  std::vector<Board> boards;
  std::size_t from = 0;
  // Behind the last comma as well as before it there is a name.
  while (!names.empty() && from <= names.size()) {
    const std::size_t comma = std::min(names.find(',', from), names.size());
    const std::string name = names.substr(from, comma - from);
    if (name.empty()) {
      return Error{.code = ErrorCode::malformed,
                   .log = "has a comma without a name on both sides: " + names};
    }
    const auto board = board_named(name);
    if (!board || *board == Board::all) {
      return Error{.code = ErrorCode::malformed,
                   .log = "may name day, week and month, not: " + name};
    }
    if (std::find(boards.begin(), boards.end(), *board) != boards.end()) {
      return Error{.code = ErrorCode::malformed, .log = "names a board twice: " + name};
    }
    boards.push_back(*board);
    from = comma + 1;
  }
  return boards;
}

}  // namespace scoreboard::config
