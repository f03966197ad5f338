// SPDX-License-Identifier: Apache-2.0
// The bytes of a journal entry, shared by the writer and the verifier; docs/journal.md describes
// them for everybody else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "board/award.hpp"
#include "board/decide.hpp"
#include "board/ids.hpp"
#include "outcome/result.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard::store {

// How a change moved its player on one board.
struct JournalMove {
  Period period;
  Place before;
  Score after;  // reached at the change's own place in the journal
};

struct JournalChange {
  std::string reference;    // the user's pseudonym, users.reference
  std::int64_t number = 0;  // the player's own event number
  std::string action_id;
  Points points;
  std::vector<JournalMove> moves;  // the all-time board first
};

// [{"u":reference,"n":number,"a":action,"p":points,
//   "b":[[board,period_start,score_before,score_after,reached_before], ...]}]
std::string changes_json(const std::vector<JournalChange>& changes);
// internal for text that changes_json did not write.
Result<std::vector<JournalChange>> parse_changes(std::string_view text);

// SHA-256, hex, of "scoreboard-journal-1\n" seq "\n" committed_at(us) "\n" previous "\n" changes.
std::string entry_hash(JournalSeq seq, Timestamp committed_at, std::string_view previous_hash,
                       std::string_view changes);

// What an event keeps of its receipt's further boards: [[board, start, previous, current, rank]].
std::string periods_json(const std::vector<PeriodReceipt>& periods);
// Empty for text that periods_json did not write.
std::vector<PeriodReceipt> parse_periods(std::string_view text);

// [[public_id, score], ...]
struct TopEntry {
  UserId user;
  Score score;
  friend bool operator==(const TopEntry&, const TopEntry&) = default;
};
std::string top_json(const std::vector<TopEntry>& top);
std::string top_json(const std::vector<Standing>& top);
// Empty for text that top_json did not write.
std::vector<TopEntry> parse_top(std::string_view text);

}  // namespace scoreboard::store
