// SPDX-License-Identifier: Apache-2.0
#include "store/memory_store.hpp"

#include <algorithm>
#include <map>

namespace scoreboard::tests {

// Everybody with points in the period, best first.
std::vector<Standing> MemoryStore::standings(Period period) const {
  std::map<UserId, Standing> by_user;
  for (const Event& event : events_) {
    if (std::count(event.periods.begin(), event.periods.end(), period) == 0) continue;
    const NewUser& who = *user(event.award.user);
    const Score before = by_user.contains(who.id) ? by_user[who.id].score : Score{0};
    by_user[who.id] = {.rank = {},
                       .user = who.id,
                       .username = who.username.str(),
                       .display_name = who.display_name,
                       .score = Score{before.value() + event.receipt.points.value()},
                       .reached = event.receipt.reached,
                       .reached_at = event.receipt.accepted_at};
  }
  std::vector<Standing> all;
  for (auto& [id, standing] : by_user) all.push_back(standing);
  std::sort(all.begin(), all.end(), [](const Standing& a, const Standing& b) {
    return a.score != b.score ? a.score > b.score : a.reached < b.reached;
  });
  for (std::size_t i = 0; i < all.size(); ++i) all[i].rank = Rank{static_cast<int>(i) + 1};
  return all;
}

AwardOutcome MemoryStore::award(const Award& award, const AwardRules& rules, Timestamp now) {
  const auto session = live(award.session, now);
  if (!session || session->user.id != award.user) return {.verdict = Verdict::session_ended};
  std::vector<const Event*> mine;
  for (const Event& event : events_) {
    if (event.award.user == award.user) mine.push_back(&event);
  }
  for (const Event* event : mine) {
    if (event->award.action != award.action) continue;
    Verdict verdict = Verdict::replayed;
    if (award.contract == Contract::update) {
      if (event->award.request != award.request) verdict = Verdict::duplicate;
    } else if (event->award.contract != Contract::increment ||
               event->award.payload != award.payload) {
      verdict = Verdict::conflict;
    }
    return {.verdict = verdict, .receipt = event->receipt};
  }
  std::vector<Timestamp> in_window;
  for (const Event* event : mine) {
    if (event->receipt.accepted_at + rules.window > now) {
      in_window.push_back(event->receipt.accepted_at);
    }
  }
  if (static_cast<int>(in_window.size()) >= rules.limit) {
    const Timestamp leaves =
        in_window[in_window.size() - static_cast<std::size_t>(rules.limit)] + rules.window;
    std::chrono::seconds wait{0};
    while (now + wait < leaves) ++wait;
    return {.verdict = Verdict::rate_limited, .retry_after = wait};
  }
  Event event{.award = award, .receipt = {}, .periods = {Period{}}};
  for (const Board board : rules.boards) {
    event.periods.push_back(rules.calendar->period(board, now));
  }
  std::vector<Score> before;
  for (const Period& period : event.periods) {
    const auto standing = own(period, award.user);
    before.push_back(standing ? standing->score : Score{0});
  }
  event.receipt = {
      .user = award.user,
      .points = award.points,
      .previous = before[0],
      .current = Score{before[0].value() + award.points.value()},
      .rank = {},
      .reached = Reached{JournalSeq{static_cast<int>(entries_.size()) + 1}, position_++},
      .accepted_at = now};
  events_.push_back(event);
  Receipt& receipt = events_.back().receipt;
  receipt.rank = own(Period{}, award.user)->rank;
  for (std::size_t i = 1; i < event.periods.size(); ++i) {
    const Standing standing = *own(event.periods[i], award.user);
    receipt.periods.push_back({event.periods[i], before[i], standing.score, standing.rank});
  }
  return {.verdict = Verdict::awarded, .receipt = events_.back().receipt};
}

Result<std::vector<AwardOutcome>> MemoryStore::commit(std::span<const Award> batch,
                                                      const AwardRules& rules, Timestamp now) {
  const std::lock_guard lock(mutex_);
  const auto ten = [this] {
    auto all = standings();
    if (all.size() > 10) all.resize(10);
    return all;
  };
  const auto before = ten();
  position_ = 0;
  std::vector<AwardOutcome> outcomes;
  for (const Award& one : batch) outcomes.push_back(award(one, rules, now));
  if (position_ > 0) {
    Entry entry{.committed_at = now, .top = ten()};
    entry.top_changed = !std::equal(before.begin(), before.end(), entry.top.begin(),
                                    entry.top.end(), [](const Standing& a, const Standing& b) {
                                      return a.user == b.user && a.score == b.score;
                                    });
    entries_.push_back(entry);
  }
  for (AwardOutcome& outcome : outcomes) {
    const bool answered =
        outcome.verdict == Verdict::awarded || outcome.verdict == Verdict::replayed;
    if (answered && outcome.receipt.rank.value() <= 10) {
      outcome.top =
          entries_[static_cast<std::size_t>(outcome.receipt.reached.seq().value()) - 1].top;
    }
  }
  return outcomes;
}

}  // namespace scoreboard::tests
