// SPDX-License-Identifier: Apache-2.0
#include "ops/spans.hpp"

namespace scoreboard::trace {

void Spans::add(Span span) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() < waiting_max) {
    waiting_.push_back(std::move(span));
  } else {
    ++dropped_;
  }
}

Spans::Taken Spans::take() {
  Taken taken;
  const std::lock_guard lock(mutex_);
  std::swap(taken.spans, waiting_);
  std::swap(taken.dropped, dropped_);
  return taken;
}

}  // namespace scoreboard::trace
