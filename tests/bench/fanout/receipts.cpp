// SPDX-License-Identifier: Apache-2.0
#include "fanout/receipts.hpp"

#include <algorithm>
#include <charconv>

namespace scoreboard::bench {
namespace {

std::optional<std::int64_t> number_at(std::string_view text, std::size_t at) {
  std::int64_t value = 0;
  const char* begin = text.data() + at;
  const auto read = std::from_chars(begin, text.data() + text.size(), value);
  if (read.ec != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Shown> shown_by(std::string_view message) {
  constexpr std::string_view score = "\"score\":";
  constexpr std::string_view version = "\"version\":";
  const std::size_t first = message.find(score);
  const std::size_t last = message.rfind(version);
  if (first == std::string_view::npos || last == std::string_view::npos) return std::nullopt;
  const auto mark = number_at(message, first + score.size());
  const auto number = number_at(message, last + version.size());
  if (!mark || !number) return std::nullopt;
  return Shown{*mark, *number};
}

void Receipts::note(std::size_t subscriber, Mark mark, Nanos at) {
  Table& table = tables_[mark];
  table.at.resize(subscribers_);
  if (table.at[subscriber] != 0) return;
  table.at[subscriber] = at;
  ++table.count;
}

bool Receipts::complete(Mark mark) const {
  const auto found = tables_.find(mark);
  return found != tables_.end() && found->second.count == subscribers_;
}

Spread Receipts::of(const Change& change) const {
  Spread spread{.ms = {}, .missing = subscribers_};
  const auto found = tables_.lower_bound(change.mark);
  if (found == tables_.end()) return spread;
  spread.merged = found->first != change.mark;
  for (const Nanos at : found->second.at) {
    if (at != 0) spread.ms.push_back(static_cast<double>(at - change.began) / 1e6);
  }
  std::sort(spread.ms.begin(), spread.ms.end());
  spread.missing = subscribers_ - spread.ms.size();
  return spread;
}

}  // namespace scoreboard::bench
