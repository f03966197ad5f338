// SPDX-License-Identifier: Apache-2.0
// The board as text for a terminal.
#pragma once

#include <map>
#include <string>

#include "store/store.hpp"

namespace scoreboard::ctl {

// Where each player stood: what a move is told against.
using Places = std::map<UserId, Rank>;
Places places_of(const BoardView& view);

// A line for each standing; players who moved since `before` have "+2" or "-1" beside their rank,
// who was not there "new". Without `before` nobody moved.
std::string top_screen(const BoardView& view, const Places* before);

}  // namespace scoreboard::ctl
