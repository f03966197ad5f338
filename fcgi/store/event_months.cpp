// SPDX-License-Identifier: Apache-2.0
#include "store/event_months.hpp"

#include <charconv>
#include <string_view>

#include "board/periods.hpp"

namespace scoreboard::store {

std::optional<Timestamp> end_of_month(const std::string& name) {
  constexpr std::string_view prefix = "events_";
  constexpr std::size_t year_at = prefix.size();
  constexpr std::size_t month_at = year_at + 5;
  if (!name.starts_with(prefix) || name.size() != month_at + 2 || name[month_at - 1] != '_') {
    return std::nullopt;
  }
  unsigned year = 0;  // neither takes a sign
  unsigned month = 0;
  const char* const text = name.data();
  if (std::from_chars(text + year_at, text + year_at + 4, year).ptr != text + year_at + 4 ||
      std::from_chars(text + month_at, text + month_at + 2, month).ptr != text + month_at + 2) {
    return std::nullopt;
  }
  const UtcCalendar calendar;
  const auto begin = calendar.midnight(static_cast<int>(year), month, 1);
  if (!begin) return std::nullopt;
  return calendar.end({Board::month, *begin});
}

std::vector<EventMonth> event_months(Connection& connection) {
  std::vector<EventMonth> months;
  std::string name;
  long long attached = 0;
  long long leaving = 0;
  connection
      .query(
          "SELECT CAST(c.relname AS text), CASE WHEN i.inhrelid IS NULL THEN 0 ELSE 1 END,"
          " CASE WHEN i.inhdetachpending THEN 1 ELSE 0 END FROM pg_class p"
          " JOIN pg_class c ON c.relnamespace = p.relnamespace AND c.relkind = 'r'"
          " LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND i.inhparent = p.oid"
          " WHERE p.oid = to_regclass('events') AND c.relname LIKE 'events%' ORDER BY 1")
      .into(name)
      .into(attached)
      .into(leaving)
      .each([&] {
        const auto end = end_of_month(name);
        if (!end) return;
        const auto state = leaving != 0    ? EventMonth::State::leaving
                           : attached != 0 ? EventMonth::State::attached
                                           : EventMonth::State::detached;
        months.push_back({name, *end, state});
      });
  return months;
}

void make_event_month(Connection& connection, Timestamp at) {
  connection.query("SELECT 1 FROM (SELECT make_event_partition(:at)) AS made")
      .use(to_micros(at))
      .one();
}

}  // namespace scoreboard::store
