// SPDX-License-Identifier: Apache-2.0
// The text of a registry, read again: for commands that show what a worker tells of itself.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "metrics/registry.hpp"

namespace scoreboard::metrics {

class Samples {
 public:
  Samples() = default;
  // Lines that are no samples are passed over.
  explicit Samples(std::string_view text);

  // Of all series of this name that have these labels; 0 if there is none.
  double sum(std::string_view name, const Labels& labels = {}) const;
  // A label's value in the first series of this name; empty if there is none.
  std::string label(std::string_view name, const std::string& label) const;

 private:
  struct Sample {
    Labels labels;
    double value = 0;
  };
  std::multimap<std::string, Sample, std::less<>> samples_;
};

}  // namespace scoreboard::metrics
