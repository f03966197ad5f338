// SPDX-License-Identifier: Apache-2.0
// The game's decision, without a database in sight: a batch of verified actions against what was
// read about their players, in order. Several actions of one player, and several copies of one
// action, are decided one after the other against the running state; holding them back for later
// batches would cost nine tenths of the throughput when players are unequal.
//
// Not thread-safe; a committer calls it inside its transaction.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "board/award.hpp"

namespace scoreboard {

struct EarlierEvent {
  Contract contract = Contract::update;
  std::string payload;
  RequestId request;
  Receipt receipt;
  // Set when the event is this batch's own: the index of its decision. Its rank is known later.
  std::optional<std::size_t> decision = {};
};

// Where a player stands on one board; `reached` is 0 for who has no points there.
struct Place {
  Score score;
  Reached reached;
};

struct PlayerState {
  std::int64_t event_number = 0;        // how many of the player's actions were counted
  std::map<Period, Place> places = {};  // only where the player has points
};

// By how much hosts' clocks may differ, and by how much the journal's time may run ahead of one's
// own. More than that is a clock that was set.
constexpr std::chrono::seconds clock_skew_max{2};

// The time of the entry that follows one of time `head`: time does not run backwards in the
// journal, unless a clock was set back.
Timestamp entry_time(Timestamp now, Timestamp head);

// What a batch needs to know, read under the locks of its transaction.
struct BatchState {
  std::vector<Period> periods = {Period{}};  // that this batch counts in, all-time first
  std::set<std::pair<SessionId, UserId>> live_sessions;
  std::map<UserId, PlayerState> players;
  std::map<std::pair<UserId, ActionId>, EarlierEvent> events;
  // When a player's event of that number was accepted, for the numbers of window_numbers().
  std::map<std::pair<UserId, std::int64_t>, Timestamp> accepted;
};

// How an award moves its player on one board.
struct Move {
  Period period;
  Place before;
  Place after;
  Rank rank = {};  // known after rank_awards()
};

struct Decision {
  Verdict verdict = Verdict::session_ended;
  Receipt receipt = {};           // awarded: without a rank until rank_awards()
  std::int64_t event_number = 0;  // awarded only, like `moves`
  std::vector<Move> moves = {};   // one for each period of the batch, in their order
  std::chrono::seconds retry_after{0};
  std::optional<Allowance> allowance = {};
  std::optional<std::size_t> same_as = {};  // a repeat of this batch's own decision
};

// Whether the next award of a player with `event_number` events fits into the window is told by one
// event, `event_number + 1 - limit`; a player with `actions` actions in the batch needs that many
// in a row, and what is left of the allowance is told by all that follow. The numbers that exist
// already: [first, last], empty when first > last.
std::pair<std::int64_t, std::int64_t> window_numbers(std::int64_t event_number,
                                                     std::int64_t actions, int limit);

// One decision per award, in order. Awards take positions 0, 1, ... of journal entry `next`.
std::vector<Decision> decide(std::span<const Award> batch, BatchState& state,
                             const AwardRules& rules, JournalSeq next, Timestamp now);

// Fills in the ranks of each award at its exact position: 1 + the number of other players who stand
// at or above its score just then (who has just been awarded stands last among equals).
// `at_or_above` counts the players of one period as they stood before the batch.
void rank_awards(std::vector<Decision>& decisions,
                 const std::function<std::int64_t(Period, Score)>& at_or_above);

}  // namespace scoreboard
