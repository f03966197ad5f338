// SPDX-License-Identifier: Apache-2.0
// Percentiles by the nearest rank, of all samples: no buckets, nothing interpolated. The p-th is
// the smallest sample that at least p per cent of the samples do not exceed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace scoreboard::bench {

class ExactPercentiles {
 public:
  explicit ExactPercentiles(std::vector<double> samples) : sorted_(std::move(samples)) {
    std::sort(sorted_.begin(), sorted_.end());
  }

  std::size_t count() const { return sorted_.size(); }
  double max() const { return sorted_.empty() ? 0 : sorted_.back(); }
  // `permille` of 1 to 1000, so that 99.9 is a whole number too. 0 of no samples.
  double at(std::size_t permille) const {
    if (sorted_.empty()) return 0;
    const std::size_t rank = (permille * sorted_.size() + 999) / 1000;
    return sorted_[std::max<std::size_t>(rank, 1) - 1];
  }

 private:
  std::vector<double> sorted_;
};

}  // namespace scoreboard::bench
