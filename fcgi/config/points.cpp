// SPDX-License-Identifier: Apache-2.0
#include "config/points.hpp"

namespace scoreboard::config {

std::string points_name_complaint(std::string_view name) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const bool good = !name.empty() && name.size() <= 50 &&
                    letters.find(name.front()) != std::string_view::npos &&
                    name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string_view::npos;
  if (good) return {};
  return "is no action type; one has up to 50 capital letters and underscores and begins with a "
         "letter, as COMPLETE_TASK";
}

std::string points_value_complaint(std::int64_t value) {
  if (value >= 1 && value <= points_max) return {};
  return "is " + std::to_string(value) + "; it must be from 1 to " + std::to_string(points_max) +
         " points";
}

}  // namespace scoreboard::config
