// SPDX-License-Identifier: Apache-2.0
// The empty database that an import fills, over one connection of the tables' owner.
#pragma once

#include <optional>

#include "board/periods.hpp"
#include "outcome/result.hpp"
#include "store/connection.hpp"

namespace scoreboard::store {

// First in the transaction: nobody else writes from here to its end. already_exists if somebody
// has users or journal entries.
Result<void> take_empty_board(Connection& connection);

// Last in the transaction: the next user gets an id that no imported one has.
void go_on_after_ids(Connection& connection);

// After COMMIT: PostgreSQL plans by what it knows of the tables.
void know_the_tables(Connection& connection);

// Makes the partitions that events need, each when the first event needs it.
class MonthsMade {
 public:
  explicit MonthsMade(Connection& connection);
  void need(Timestamp at);

 private:
  Connection& connection_;
  bool partitioned_;
  UtcCalendar calendar_;
  std::optional<Period> last_;  // events come in the order of time, almost
};

}  // namespace scoreboard::store
