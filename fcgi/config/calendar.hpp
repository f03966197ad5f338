// SPDX-License-Identifier: Apache-2.0
// The settings of the boards as the game wants them. Time zones come from the system's own database
// (package tzdata), read by H. Hinnant's date library: g++ 12 has no std::chrono::zoned_time yet.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "board/periods.hpp"
#include "outcome/result.hpp"

namespace scoreboard::config {

// malformed, with the reason in the log text, for a zone that the system does not know.
Result<std::shared_ptr<const Calendar>> make_calendar(const std::string& time_zone);

// "day,week,month"; malformed for anything that is not the name of a board with periods, and for
// one that is named twice.
Result<std::vector<Board>> parse_boards(const std::string& names);

}  // namespace scoreboard::config
