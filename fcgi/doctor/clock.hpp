// SPDX-License-Identifier: Apache-2.0
// Timestamps of actions, tokens and boards are only as good as this host's clock.
#pragma once

#include <chrono>

#include "doctor/finding.hpp"

namespace scoreboard::doctor {

struct ClockState {
  bool known = false;
  bool synchronised = false;
  std::chrono::microseconds error_max{0};  // as the kernel estimates it
};
ClockState look_at_clock();
Finding clock_finding(const ClockState& clock);

}  // namespace scoreboard::doctor
