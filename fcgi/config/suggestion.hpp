// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace scoreboard::config {

// Least number of letters to insert, delete, change or swap with their neighbour.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate that was probably meant: the closest, if no more than a third of its letters are
// wrong. Empty when none is close.
std::string closest(std::string_view word, std::span<const std::string> candidates);

// "; did you mean name?", or nothing for no name.
std::string meant(const std::string& name);

}  // namespace scoreboard::config
