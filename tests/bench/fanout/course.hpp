// SPDX-License-Identifier: Apache-2.0
// When the board changes: so many times a second, each change after the last one was answered and
// not closer to it than half of what the rate gives. So a machine that stood still for a while does
// not make changes in one heap, which the board would show as one.
#pragma once

#include <functional>
#include <vector>

#include "fanout/changer.hpp"

namespace scoreboard::bench {

class Course {
 public:
  Course(Loop& loop, Changer& changer, double per_second, std::function<void(Mark)> acknowledged);

  // Ten players score once, then the first of them until nobody is before it: a whole board with a
  // leader whose every further action is a board of its own. Not measured. False if refused.
  bool make_board(Nanos limit);
  // The leader scores `count` times.
  void run(std::size_t count);
  void stop() { left_ = 0; }

  bool over() const { return left_ == 0 && !in_flight_; }
  const std::vector<Change>& changes() const { return changes_; }

 private:
  void next();

  Loop& loop_;
  Changer& changer_;
  Nanos interval_;
  std::function<void(Mark)> acknowledged_;
  std::size_t left_ = 0;
  bool in_flight_ = false;
  Nanos due_ = 0;
  std::vector<Change> changes_;
};

}  // namespace scoreboard::bench
