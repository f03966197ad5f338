// SPDX-License-Identifier: Apache-2.0
// The way of one award through the commit queue as spans of its trace: the wait for a committer and
// the transaction, which it shares with the rest of its batch.
#pragma once

#include <cstddef>

#include "board/award.hpp"
#include "ops/spans.hpp"

namespace scoreboard {

struct AwardTimes {
  Timestamp queued;
  Timestamp taken;  // by a committer; from here it is the transaction's time
  Timestamp ended;
  std::size_t batch = 0;  // actions in the transaction
  bool failed = false;
};

// Nothing for an award whose trace is not recorded.
void add_spans(trace::Spans& spans, const Award& award, const AwardTimes& times);

}  // namespace scoreboard
