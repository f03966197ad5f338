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

// Until an event of that time has left the window; zero when it has. Sleeping exactly that long
// suffices.
std::chrono::seconds in_window_for(Timestamp accepted, const AwardRules& rules, Timestamp now) {
  // An event from the future is no bound: the clock was set back, and nobody shall be locked out
  // until it has caught up.
  if (accepted > now + clock_skew_max) return std::chrono::seconds{0};
  const auto opens = accepted + rules.window;
  if (now >= opens) return std::chrono::seconds{0};
  return std::chrono::ceil<std::chrono::seconds>(opens - now);
}

// Zero when one more fits; else how long until it does.
std::chrono::seconds wait_for_window(const BatchState& state, const UserId& user,
                                     std::int64_t event_number, const AwardRules& rules,
                                     Timestamp now) {
  const auto at = state.accepted.find({user, event_number + 1 - rules.limit});
  if (at == state.accepted.end()) return std::chrono::seconds{0};
  return in_window_for(at->second, rules, now);
}

// As many more fit as numbers lie between the one that bounds the next award and the first that is
// still in the window.
std::optional<Allowance> allowance_of(const BatchState& state, const UserId& user,
                                      std::int64_t event_number, const AwardRules& rules,
                                      Timestamp now) {
  if (rules.limit > allowance_told_max) return std::nullopt;
  const std::int64_t bounding = event_number + 1 - rules.limit;
  for (auto at = state.accepted.lower_bound({user, bounding});
       at != state.accepted.end() && at->first.first == user; ++at) {
    const auto wait = in_window_for(at->second, rules, now);
    if (wait.count() > 0) return Allowance{static_cast<int>(at->first.second - bounding), wait};
  }
  return Allowance{rules.limit, std::chrono::seconds{0}};
}

// Adds the points on every board of the batch, and notes from where to where.
void move(Decision& decision, PlayerState& player, const std::vector<Period>& periods) {
  const std::int64_t points = decision.receipt.points.value();
  for (const Period& period : periods) {
    Place& place = player.places[period];
    const Place before = place;
    place = {Score{before.score.value() + points}, decision.receipt.reached};
    decision.moves.push_back({period, before, place});
  }
  decision.receipt.previous = decision.moves.front().before.score;
  decision.receipt.current = decision.moves.front().after.score;
}

void rank_on_one_board(const std::vector<Decision*>& awards, std::size_t period,
                       const std::function<std::int64_t(Period, Score)>& at_or_above) {
  struct Step {
    std::int64_t before;
    std::int64_t after;
  };
  std::vector<Step> steps;  // of the awards so far; one player's follow on each other
  steps.reserve(awards.size());
  for (Decision* award : awards) {
    Move& own = award->moves[period];
    const std::int64_t score = own.after.score.value();
    // The player's own earlier score is below, so it is never among those counted.
    std::int64_t above = at_or_above(own.period, own.after.score);
    for (const Step& step : steps) {
      above += (step.after >= score ? 1 : 0) - (step.before >= score ? 1 : 0);
    }
    own.rank = Rank{above + 1};
    steps.push_back({own.before.score.value(), score});
  }
}

void note_ranks(Decision& award) {
  award.receipt.rank = award.moves.front().rank;
  for (std::size_t p = 1; p < award.moves.size(); ++p) {
    const Move& move = award.moves[p];
    award.receipt.periods.push_back({move.period, move.before.score, move.after.score, move.rank});
  }
}

}  // namespace

Timestamp entry_time(Timestamp now, Timestamp head) {
  return head > now && head <= now + clock_skew_max ? head : now;
}

std::pair<std::int64_t, std::int64_t> window_numbers(std::int64_t event_number,
                                                     std::int64_t actions, int limit) {
  const std::int64_t first = event_number + 1 - limit;
  const std::int64_t last =
      limit > allowance_told_max ? std::min(first + actions - 1, event_number) : event_number;
  return {std::max<std::int64_t>(first, 1), last};
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
      decisions.back().allowance =
          allowance_of(state, award.user, player->second.event_number, rules, now);
      continue;
    }
    PlayerState& now_standing = player->second;
    const auto wait = wait_for_window(state, award.user, now_standing.event_number, rules, now);
    if (wait.count() > 0) {
      decisions.push_back(
          {.verdict = Verdict::rate_limited, .retry_after = wait, .allowance = Allowance{0, wait}});
      continue;
    }
    ++now_standing.event_number;
    Decision decision{.verdict = Verdict::awarded,
                      .receipt = {.user = award.user,
                                  .points = award.points,
                                  .previous = {},
                                  .current = {},
                                  .rank = {},
                                  .reached = Reached{next, position++},
                                  .accepted_at = now},
                      .event_number = now_standing.event_number};
    move(decision, now_standing, state.periods);
    state.accepted[{award.user, decision.event_number}] = now;
    decision.allowance = allowance_of(state, award.user, decision.event_number, rules, now);
    state.events[key] = {.contract = award.contract,
                         .payload = award.payload,
                         .request = award.request,
                         .receipt = decision.receipt,
                         .decision = decisions.size()};
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

// A batch has at most 256 awards: looking at all before one is faster than any structure.
void rank_awards(std::vector<Decision>& decisions,
                 const std::function<std::int64_t(Period, Score)>& at_or_above) {
  std::vector<Decision*> awards;
  for (Decision& decision : decisions) {
    if (decision.verdict == Verdict::awarded) awards.push_back(&decision);
  }
  const std::size_t periods = awards.empty() ? 0 : awards.front()->moves.size();
  for (std::size_t p = 0; p < periods; ++p) rank_on_one_board(awards, p, at_or_above);
  for (Decision* award : awards) note_ranks(*award);
  for (Decision& decision : decisions) {
    if (decision.same_as) decision.receipt = decisions[*decision.same_as].receipt;
  }
}

}  // namespace scoreboard
