// SPDX-License-Identifier: Apache-2.0
#include "board/decide.hpp"

#include <algorithm>

namespace scoreboard {
namespace {

Decision repeat(const EarlierEvent& earlier, const Award& award) {
  Decision decision{.receipt = earlier.receipt, .same_as = earlier.decision};
  if (award.contract == Contract::update) {
    // The same HTTP request again: Nginx re-sent it because the first worker died.
    decision.verdict = earlier.request == award.request ? Verdict::replayed : Verdict::duplicate;
  } else {
    const bool same = earlier.contract == Contract::increment && earlier.payload == award.payload;
    decision.verdict = same ? Verdict::replayed : Verdict::conflict;
  }
  return decision;
}

// Zero when one more fits; else how long until it does. Sleeping exactly that long suffices.
std::chrono::seconds wait_for_window(const BatchState& state, const UserId& user,
                                     std::int64_t event_number, const AwardRules& rules,
                                     Timestamp now) {
  const std::int64_t bounding = event_number + 1 - rules.limit;
  if (bounding < 1) return std::chrono::seconds{0};
  const auto at = state.accepted.find({user, bounding});
  if (at == state.accepted.end()) return std::chrono::seconds{0};
  const auto opens = at->second + rules.window;
  if (now >= opens) return std::chrono::seconds{0};
  // A clock that was set back must not lock a player out for longer than the window.
  return std::min(std::chrono::ceil<std::chrono::seconds>(opens - now), rules.window);
}

}  // namespace

std::pair<std::int64_t, std::int64_t> window_numbers(std::int64_t event_number,
                                                     std::int64_t actions, int limit) {
  const std::int64_t first = event_number + 1 - limit;
  return {std::max<std::int64_t>(first, 1), std::min(first + actions - 1, event_number)};
}

std::vector<Decision> decide(std::span<const Award> batch, BatchState& state,
                             const AwardRules& rules, JournalSeq next, Timestamp now) {
  std::vector<Decision> decisions;
  decisions.reserve(batch.size());
  int position = 0;
  for (const Award& award : batch) {
    const auto player = state.players.find(award.user);
    if (player == state.players.end() ||
        !state.live_sessions.contains({award.session, award.user})) {
      decisions.push_back({.verdict = Verdict::session_ended});
      continue;
    }
    const auto key = std::pair{award.user, award.action};
    if (const auto earlier = state.events.find(key); earlier != state.events.end()) {
      decisions.push_back(repeat(earlier->second, award));
      continue;
    }
    PlayerState& now_standing = player->second;
    const auto wait = wait_for_window(state, award.user, now_standing.event_number, rules, now);
    if (wait.count() > 0) {
      decisions.push_back({.verdict = Verdict::rate_limited, .retry_after = wait});
      continue;
    }
    const Score previous = now_standing.score;
    now_standing.score = Score{previous.value() + award.points.value()};
    ++now_standing.event_number;
    Decision decision{.verdict = Verdict::awarded,
                      .receipt = {.user = award.user,
                                  .points = award.points,
                                  .previous = previous,
                                  .current = now_standing.score,
                                  .rank = {},
                                  .reached = Reached{next, position++},
                                  .accepted_at = now},
                      .event_number = now_standing.event_number};
    state.accepted[{award.user, decision.event_number}] = now;
    state.events[key] = {.contract = award.contract,
                         .payload = award.payload,
                         .request = award.request,
                         .receipt = decision.receipt,
                         .decision = decisions.size()};
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

void rank_awards(std::vector<Decision>& decisions,
                 const std::function<std::int64_t(Score)>& at_or_above) {
  struct Change {
    Score before;
    Score current;
  };
  std::map<UserId, Change> changed;  // by this batch, so far
  for (Decision& decision : decisions) {
    if (decision.verdict != Verdict::awarded) continue;
    Receipt& receipt = decision.receipt;
    std::int64_t above = at_or_above(receipt.current);
    for (const auto& [user, change] : changed) {
      if (user == receipt.user) continue;
      above +=
          (change.current >= receipt.current ? 1 : 0) - (change.before >= receipt.current ? 1 : 0);
    }
    receipt.rank = Rank{above + 1};
    const auto [entry, first] =
        changed.try_emplace(receipt.user, Change{receipt.previous, receipt.current});
    if (!first) entry->second.current = receipt.current;
  }
  for (Decision& decision : decisions) {
    if (decision.same_as) decision.receipt = decisions[*decision.same_as].receipt;
  }
}

}  // namespace scoreboard
