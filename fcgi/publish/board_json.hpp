// SPDX-License-Identifier: Apache-2.0
// The board as both contracts spell it, used by the endpoints, the snapshot and the channels: the
// bytes are the same whoever answers. `standings` beyond `limit` are left out,
// and version and updated_at are those of what is left (its newest `reached`).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "board/award.hpp"
#include "store/store.hpp"

namespace scoreboard::publish {

// The first `limit` standings as a board of its own.
BoardView first_of(const BoardView& view, std::size_t limit);

// A: {"success":true,"data":{"leaderboard":[{"rank","user_id","username","score"}],
//     "updated_at","version"}}
std::string leaderboard_a(const BoardView& view, std::size_t limit);
// B: [{"userId","displayName","score","rank"}]
std::string leaderboard_b(const std::vector<Standing>& standings, std::size_t limit);

// {"type":"LEADERBOARD_UPDATE","data":{"leaderboard":[...],"updated_at","version"}}
std::string leaderboard_update_message(const BoardView& view);
// The same of a board that begins again, which also tells which and since when:
// "data":{...,"period":"day","period_start"}. A client keeps the highest (period_start, version).
std::string period_update_message(Period period, const BoardView& view);
// {"type":"leaderboard_updated","top10":[...],"version","updated_at"}
std::string leaderboard_updated_message(const BoardView& view);
// {"type":"user_score_updated","userId","newScore","version","updated_at"}
std::string user_score_updated_message(const Change& change);

}  // namespace scoreboard::publish
