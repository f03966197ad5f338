// SPDX-License-Identifier: Apache-2.0
#include "store/journal.hpp"

#include <array>

#include "crypto/digest.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace scoreboard::store {
namespace {

template <std::size_t size>
bool read_numbers(const json::Value& value, std::array<std::int64_t, size>& numbers) {
  const auto elements = value.elements();
  if (elements.size() != size) return false;
  for (std::size_t i = 0; i < size; ++i) {
    if (!elements[i].is_integer()) return false;
    numbers[i] = elements[i].integer();
  }
  return true;
}

Period period_of(std::int64_t board, std::int64_t start) {
  return {static_cast<Board>(board), from_micros(start)};
}

}  // namespace

std::string changes_json(const std::vector<JournalChange>& changes) {
  json::Writer writer;
  writer.begin_array();
  for (const JournalChange& change : changes) {
    writer.begin_object();
    writer.key("u").string(change.reference);
    writer.key("n").number(change.number);
    writer.key("a").string(change.action_id);
    writer.key("p").number(change.points.value());
    writer.key("b").begin_array();
    for (const JournalMove& move : change.moves) {
      writer.begin_array();
      writer.number(static_cast<int>(move.period.board)).number(to_micros(move.period.start));
      writer.number(move.before.score.value()).number(move.after.value());
      writer.number(move.before.reached.value()).end_array();
    }
    writer.end_array().end_object();
  }
  writer.end_array();
  return std::move(writer).take();
}

Result<std::vector<JournalChange>> parse_changes(std::string_view text) {
  const Error broken{.code = ErrorCode::internal, .log = "a journal entry that is not of ours"};
  auto parsed = json::parse(text);
  if (!parsed) return broken;
  std::vector<JournalChange> changes;
  for (const json::Value& element : parsed->elements()) {
    const auto user = element.find("u");
    const auto number = element.find("n");
    const auto action = element.find("a");
    const auto points = element.find("p");
    const auto boards = element.find("b");
    if (!user || !user->is_string() || !number || !number->is_integer() || !action ||
        !action->is_string() || !points || !points->is_integer() || !boards) {
      return broken;
    }
    JournalChange change{.reference = user->string(),
                         .number = number->integer(),
                         .action_id = action->string(),
                         .points = Points{points->integer()},
                         .moves = {}};
    for (const json::Value& board : boards->elements()) {
      std::array<std::int64_t, 5> n{};
      if (!read_numbers(board, n)) return broken;
      change.moves.push_back({period_of(n[0], n[1]), {Score{n[2]}, Reached{n[4]}}, Score{n[3]}});
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

std::string periods_json(const std::vector<PeriodReceipt>& periods) {
  json::Writer writer;
  writer.begin_array();
  for (const PeriodReceipt& one : periods) {
    writer.begin_array();
    writer.number(static_cast<int>(one.period.board)).number(to_micros(one.period.start));
    writer.number(one.previous.value()).number(one.current.value()).number(one.rank.value());
    writer.end_array();
  }
  writer.end_array();
  return std::move(writer).take();
}

std::vector<PeriodReceipt> parse_periods(std::string_view text) {
  std::vector<PeriodReceipt> periods;
  auto parsed = json::parse(text);
  if (!parsed) return periods;
  for (const json::Value& element : parsed->elements()) {
    std::array<std::int64_t, 5> n{};
    if (!read_numbers(element, n)) return {};
    periods.push_back({period_of(n[0], n[1]), Score{n[2]}, Score{n[3]}, Rank{n[4]}});
  }
  return periods;
}

std::string entry_hash(JournalSeq seq, Timestamp committed_at, std::string_view previous_hash,
                       std::string_view changes) {
  std::string bytes = "scoreboard-journal-1\n";
  bytes += std::to_string(seq.value()) + '\n';
  bytes += std::to_string(to_micros(committed_at)) + '\n';
  bytes += previous_hash;
  bytes += '\n';
  bytes += changes;
  return crypto::sha256_hex(bytes);
}

std::string top_json(const std::vector<TopEntry>& top) {
  json::Writer writer;
  writer.begin_array();
  for (const TopEntry& entry : top) {
    writer.begin_array().string(entry.user.str()).number(entry.score.value()).end_array();
  }
  writer.end_array();
  return std::move(writer).take();
}

std::string top_json(const std::vector<Standing>& top) {
  std::vector<TopEntry> entries;
  entries.reserve(top.size());
  for (const Standing& standing : top) entries.push_back({standing.user, standing.score});
  return top_json(entries);
}

std::vector<TopEntry> parse_top(std::string_view text) {
  std::vector<TopEntry> top;
  auto value = json::parse(text);
  if (!value) return top;
  for (const json::Value& pair : value->elements()) {
    const auto parts = pair.elements();
    if (parts.size() != 2 || !parts[0].is_string() || !parts[1].is_integer()) return {};
    top.push_back({UserId{parts[0].string()}, Score{parts[1].integer()}});
  }
  return top;
}

}  // namespace scoreboard::store
