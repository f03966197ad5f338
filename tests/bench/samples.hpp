// SPDX-License-Identifier: Apache-2.0
// What became of every request, and what is told of it in the end. Nothing is summed up on the way.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace scoreboard::bench {

// In seconds from the start. A request belongs to the moment at which it was due, also in the
// series: when it could be sent, or was answered, is what the server made of it.
struct Sample {
  double due = 0;
  double sent = 0;
  double ended = 0;
  int status = 0;  // or one of these
  static constexpr int broken = 0;
  static constexpr int timed_out = -1;
  bool retry_after = false;
};

class Samples {
 public:
  void add(const Sample& sample) { all_.push_back(sample); }

  // One line of JSON about those that were due in [from, to).
  std::string summary(double from, double to) const;
  // CSV, a line for each tenth of a second.
  void write_series(std::ostream& into) const;

 private:
  std::vector<Sample> all_;
};

}  // namespace scoreboard::bench
