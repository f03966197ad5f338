// SPDX-License-Identifier: Apache-2.0
// What an award batch reads before it decides: a few statements for the whole batch.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "board/decide.hpp"
#include "store/connection.hpp"

namespace scoreboard::store {

struct PlayerRow {
  std::int64_t id = 0;
  std::string reference;
};

struct BatchReads {
  BatchState state;
  std::map<UserId, PlayerRow> rows;
};

// Locks the batch's players, in the order of their rows, until the transaction ends, and reads all
// that is the same whenever the batch is counted.
BatchReads read_for_batch(Connection& connection, std::span<const Award> batch,
                          const AwardRules& rules, Timestamp now);
// Where the players stand in these periods, which are then the batch's.
void read_places(Connection& connection, std::vector<Period> periods, BatchReads& reads);

std::string_view contract_name(Contract contract);

}  // namespace scoreboard::store
