// SPDX-License-Identifier: Apache-2.0
// A plain list of scores becomes a board: a user without password for each player and one counted
// action, as if all had scored one after the other, in the order of the list.
#pragma once

#include "store/connection.hpp"
#include "store/transfer.hpp"
#include "store/transfer_lines.hpp"

namespace scoreboard::store {

// Whether a file with this first line is such a list.
bool is_score_list(const std::string& first_line);

// Inside the transaction, on an empty board. Throws TransferFault and DriverFault.
TransferReport import_scores(Connection& connection, LineReader& lines, const ScoreListRules& rules,
                             const TransferProgress& progress);

}  // namespace scoreboard::store
