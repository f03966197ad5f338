// SPDX-License-Identifier: Apache-2.0
#include "store/journal.hpp"

#include "crypto/digest.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace scoreboard::store {

std::string changes_json(const std::vector<JournalChange>& changes) {
  json::Writer writer;
  writer.begin_array();
  for (const JournalChange& change : changes) {
    writer.begin_object();
    writer.key("u").string(change.reference);
    writer.key("n").number(change.number);
    writer.key("a").string(change.action_id);
    writer.key("p").number(change.points.value());
    writer.key("b").begin_array().begin_array();
    writer.number(1).number(0);  // the all-time board and its only period
    writer.number(change.previous.value()).number(change.current.value());
    writer.end_array().end_array();
    writer.end_object();
  }
  writer.end_array();
  return std::move(writer).take();
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
