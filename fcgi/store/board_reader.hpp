// SPDX-License-Identifier: Apache-2.0
// Boards, to be read by anybody: the part of the store (store.hpp) that a replica can answer too.
// Thread-safe; every function may answer `unavailable` or `internal` besides what its comment says.
#pragma once

#include <optional>
#include <vector>

#include "board/award.hpp"
#include "outcome/result.hpp"
#include "store/records.hpp"

namespace scoreboard {

class BoardReader {
 public:
  virtual ~BoardReader() = default;

  // The first `limit` standings of a board in one of its periods, running or finished.
  virtual Result<BoardView> top(Period period, int limit) = 0;
  // The user and up to `each_side` players directly before and behind, in order, of one moment.
  // Empty for an unknown user; a user without points has nobody behind.
  virtual Result<std::vector<Standing>> around(Period period, const UserId& user,
                                               int each_side) = 0;
  // The first `limit` standings behind `after` (from the top without it), in order, with their
  // ranks of one moment. While scores move nobody who stays behind the cursor is left out.
  virtual Result<std::vector<Standing>> page(Period period, std::optional<BoardCursor> after,
                                             int limit) = 0;
};

}  // namespace scoreboard
