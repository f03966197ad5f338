// SPDX-License-Identifier: Apache-2.0
// Text of somebody else's for a terminal, which would obey what it finds in it.
#pragma once

#include <string>
#include <string_view>

namespace scoreboard {

// With control characters, and bytes that are no UTF-8, spelled out: \x1b.
std::string printable(std::string_view text);

}  // namespace scoreboard
