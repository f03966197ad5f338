// SPDX-License-Identifier: Apache-2.0
#include "doctor/clock.hpp"

#include <sys/timex.h>

#include <string>

namespace scoreboard::doctor {
namespace {

// By so much hosts of one board may differ (board/decide.hpp).
constexpr std::chrono::seconds error_allowed{2};
constexpr const char* advice = "apt install chrony, or timedatectl set-ntp true";

}  // namespace

ClockState look_at_clock() {
  timex state{};  // modes 0: only asks
  const int answer = adjtimex(&state);
  if (answer < 0) return {};
  return {.known = true,
          .synchronised = answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0,
          .error_max = std::chrono::microseconds{state.maxerror}};
}

Finding clock_finding(const ClockState& clock) {
  if (!clock.known) return warn("clock", "the kernel does not tell of its clock", advice);
  if (!clock.synchronised) return warn("clock", "the clock is not synchronised", advice);
  const auto error_ms = std::chrono::duration_cast<std::chrono::milliseconds>(clock.error_max);
  const std::string text = std::to_string(error_ms.count()) + " ms";
  if (clock.error_max > error_allowed) {
    return warn("clock", "the clock may be wrong by " + text, advice);
  }
  return ok("clock", "the clock is synchronised, within " + text);
}

}  // namespace scoreboard::doctor
