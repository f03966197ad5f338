// SPDX-License-Identifier: Apache-2.0
// Whether somebody's process is one of this host's.
#pragma once

#include "outcome/timestamp.hpp"

namespace scoreboard {

// Whether a process of this number runs here that began then, give or take two seconds. Another
// host has processes of the same number; that one of them began at the same moment is left to
// chance.
bool process_began_at(long long pid, Timestamp began);

}  // namespace scoreboard
