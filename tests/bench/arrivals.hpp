// SPDX-License-Identifier: Apache-2.0
// When requests are due in an open loop: at a rate, whatever the server does. Either evenly, or as
// many independent clients come (a Poisson process: the gaps are exponential).
#pragma once

#include <random>

namespace scoreboard::bench {

class Arrivals {
 public:
  Arrivals(double per_second, bool poisson, unsigned seed)
      : gap_(1 / per_second), poisson_(poisson), random_(seed), exponential_(per_second) {
    advance();
  }

  double due() const { return due_; }  // seconds from the start
  void advance() {
    // Counted, not summed up: a million gaps would add a million roundings.
    due_ = poisson_ ? due_ + exponential_(random_) : gap_ * static_cast<double>(number_++);
  }

 private:
  double gap_;
  bool poisson_;
  long number_ = 0;
  double due_ = 0;
  std::mt19937_64 random_;
  std::exponential_distribution<double> exponential_;
};

}  // namespace scoreboard::bench
