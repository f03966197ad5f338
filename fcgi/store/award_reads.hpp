// SPDX-License-Identifier: Apache-2.0
// What an award batch reads before it decides, and the recorded top ten of a journal entry.
#pragma once

#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "board/decide.hpp"
#include "store/connection.hpp"
#include "store/journal.hpp"

namespace scoreboard::store {

struct PlayerRow {
  std::int64_t id = 0;
  std::string reference;
};

struct BatchReads {
  BatchState state;
  std::map<UserId, PlayerRow> rows;
};

BatchReads read_for_batch(Connection& connection, std::span<const Award> batch,
                          const AwardRules& rules, Timestamp now);

// The all-time board's first `limit` as it stands in this transaction.
std::vector<TopEntry> read_top_entries(Connection& connection, int limit);
// The top ten as it was right after entry `seq`, with today's names; empty if it did not change
// there.
std::vector<Standing> read_recorded_top(Connection& connection, JournalSeq seq);

std::string_view contract_name(Contract contract);

}  // namespace scoreboard::store
