// SPDX-License-Identifier: Apache-2.0
// Who received what, and when. A board is known by its mark: the first score in it, which the
// leader's every action raises, so that no two changes show the same.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "fanout/loop.hpp"

namespace scoreboard::bench {

using Mark = std::int64_t;

struct Shown {
  Mark mark = 0;
  std::int64_t version = 0;
};
// From a board's JSON; empty if it is none, or has nobody on it.
std::optional<Shown> shown_by(std::string_view message);

// One change of the board, from the request's first byte.
struct Change {
  Nanos began = 0;
  Nanos answered = 0;  // 0: not yet, or refused
  Mark mark = 0;       // of the board that shows it, known once it is answered
};

struct Spread {
  std::vector<double> ms;  // sorted, of those who received it
  std::size_t missing = 0;
  bool merged = false;  // nobody was shown this board; the next one shows this change too
};

class Receipts {
 public:
  explicit Receipts(std::size_t subscribers) : subscribers_(subscribers) {}

  // The first receipt of a mark counts.
  void note(std::size_t subscriber, Mark mark, Nanos at);
  // Whether everybody has it.
  bool complete(Mark mark) const;
  // Of the first board that anybody was shown and that has the change in it: a board under load may
  // show two changes at once, and whoever does not receive that one misses it.
  Spread of(const Change& change) const;

 private:
  struct Table {
    std::vector<Nanos> at;  // by subscriber; 0: never
    std::size_t count = 0;
  };
  std::size_t subscribers_;
  std::map<Mark, Table> tables_;
};

}  // namespace scoreboard::bench
