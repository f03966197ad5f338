// SPDX-License-Identifier: Apache-2.0
// The bytes of a journal entry, shared by the writer and the verifier; docs/journal.md describes
// them for everybody else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "board/ids.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard::store {

struct JournalChange {
  std::string reference;    // the user's pseudonym, users.reference
  std::int64_t number = 0;  // the player's own event number
  std::string action_id;
  Points points;
  Score previous;
  Score current;
};

// [{"u":reference,"n":number,"a":action,"p":points,"b":[[board,period_start,previous,current]]}]
std::string changes_json(const std::vector<JournalChange>& changes);

// SHA-256, hex, of "scoreboard-journal-1\n" seq "\n" committed_at(us) "\n" previous "\n" changes.
std::string entry_hash(JournalSeq seq, Timestamp committed_at, std::string_view previous_hash,
                       std::string_view changes);

// [[public_id, score], ...]
struct TopEntry {
  UserId user;
  Score score;
  friend bool operator==(const TopEntry&, const TopEntry&) = default;
};
std::string top_json(const std::vector<TopEntry>& top);
// Empty for text that top_json did not write.
std::vector<TopEntry> parse_top(std::string_view text);

}  // namespace scoreboard::store
