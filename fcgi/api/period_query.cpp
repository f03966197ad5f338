// SPDX-License-Identifier: Apache-2.0
#include "api/period_query.hpp"

#include <algorithm>
#include <charconv>

namespace scoreboard::api {
namespace {

Error wrong(const char* field, const char* reason) {
  return {.code = ErrorCode::malformed,
          .log = std::string(field) + " " + reason,
          .field = field,
          .reason = reason};
}

// The part of `text` as a number of exactly its length; -1 for anything else.
int digits(const std::string& text, std::size_t from, std::size_t count) {
  int number = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

std::optional<Timestamp> read_date(const Calendar& calendar, const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = digits(text, 0, 4);
  const int month = digits(text, 5, 2);
  const int day = digits(text, 8, 2);
  if (year < 1970 || month < 1 || day < 1) return std::nullopt;
  return calendar.midnight(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

}  // namespace

Result<Period> read_period(const Services& services, const http::Request& request) {
  const std::string name = request.query_parameter("period");
  const std::string at = request.query_parameter("at");
  const auto board = board_named(name.empty() ? "all" : name);
  if (!board) return wrong("period", "must be all, day, week or month");
  if (*board == Board::all) {
    if (!at.empty()) return wrong("at", "needs a period of day, week or month");
    return Period{};
  }
  const auto& played = services.boards;
  if (std::find(played.begin(), played.end(), *board) == played.end()) {
    return Error{.code = ErrorCode::not_found, .log = "a board that is not played here: " + name};
  }
  if (at.empty()) return services.calendar.period(*board, request.received_at);
  const auto date = read_date(services.calendar, at);
  if (!date) return wrong("at", "must be a date like 2026-11-20");
  return services.calendar.period(*board, *date);
}

Result<int> read_count(const http::Request& request, const char* parameter, int otherwise,
                       int most) {
  const std::string text = request.query_parameter(parameter);
  if (text.empty()) return otherwise;
  int count = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool only_digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (only_digits && fault == std::errc::result_out_of_range) return most;
  if (!only_digits || fault != std::errc{} || count < 1) {
    return wrong(parameter, "must be a whole number from 1");
  }
  return std::min(count, most);
}

}  // namespace scoreboard::api
