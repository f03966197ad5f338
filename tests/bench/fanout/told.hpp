// SPDX-License-Identifier: Apache-2.0
// What fanout-bench prints: one line of JSON.
#pragma once

#include <string>

#include "fanout/course.hpp"
#include "fanout/crowd.hpp"

namespace scoreboard::bench {

std::string told_of(const Crowd& crowd, const std::vector<Change>& changes,
                    const std::vector<int>& refusals);

// One line a subscriber: its number and the versions it received.
void write_versions(const std::string& file, const Crowd& crowd);

}  // namespace scoreboard::bench
