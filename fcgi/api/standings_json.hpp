// SPDX-License-Identifier: Apache-2.0
// Standings and periods as the reading endpoints beyond the two contracts spell them.
#pragma once

#include <vector>

#include "board/award.hpp"
#include "board/periods.hpp"
#include "json/writer.hpp"

namespace scoreboard::api {

// "period":"day","periodStart":"2026-11-25T00:00:00.000Z"; the all-time board has no start.
void write_period(json::Writer& writer, Period period);
// [{"userId","displayName","score","rank"}], as contract B spells a standing.
void write_standings(json::Writer& writer, const std::vector<Standing>& standings);

}  // namespace scoreboard::api
