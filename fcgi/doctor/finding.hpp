// SPDX-License-Identifier: Apache-2.0
// What one check of the host found.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace scoreboard::doctor {

enum class Level { ok, warn, fail };

struct Finding {
  Level level = Level::ok;
  std::string check;   // "nginx.version": the same for ever, for programs
  std::string what;    // what was seen
  std::string advice;  // what to do about it; empty when all is well
};

using Findings = std::vector<Finding>;

inline Finding ok(std::string check, std::string what) {
  return {.level = Level::ok, .check = std::move(check), .what = std::move(what), .advice = {}};
}
// Works, and not as well as it should; or could not be looked at.
inline Finding warn(std::string check, std::string what, std::string advice) {
  return {.level = Level::warn,
          .check = std::move(check),
          .what = std::move(what),
          .advice = std::move(advice)};
}
// Does not work, or will lose something.
inline Finding fail(std::string check, std::string what, std::string advice) {
  return {.level = Level::fail,
          .check = std::move(check),
          .what = std::move(what),
          .advice = std::move(advice)};
}

}  // namespace scoreboard::doctor
