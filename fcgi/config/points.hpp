// SPDX-License-Identifier: Apache-2.0
// [points]: what each type of action is worth. The names are the operator's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace scoreboard::config {

inline constexpr std::string_view points_section = "points";
inline constexpr std::string_view points_environment_prefix = "SCOREBOARD_POINTS_";
inline constexpr std::int64_t points_max = 1000000;

// What is wrong, as the end of a sentence; empty if nothing is. A name is [A-Z][A-Z_]{0,49}, which
// is also what makes contract A's signature unambiguous.
std::string points_name_complaint(std::string_view name);
std::string points_value_complaint(std::int64_t value);

}  // namespace scoreboard::config
