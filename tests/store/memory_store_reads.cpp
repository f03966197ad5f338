// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store/memory_store.hpp"

namespace scoreboard::tests {

Result<BoardView> MemoryStore::top(Period period, int limit) {
  const std::lock_guard lock(mutex_);
  BoardView view{.version = {}, .updated_at = made_at_, .standings = standings(period)};
  if (view.standings.size() > static_cast<std::size_t>(limit)) {
    view.standings.resize(static_cast<std::size_t>(limit));
  }
  for (const Standing& standing : view.standings) {
    if (standing.reached.seq() < view.version) continue;
    view.version = standing.reached.seq();
    view.updated_at = standing.reached_at;
  }
  return view;
}

std::optional<Standing> MemoryStore::own(Period period, const UserId& id) const {
  for (const Standing& standing : standings(period)) {
    if (standing.user == id) return standing;
  }
  return std::nullopt;
}

Result<std::optional<Standing>> MemoryStore::standing(Period period, const UserId& id) {
  const std::lock_guard lock(mutex_);
  if (auto found = own(period, id)) return found;
  const NewUser* who = user(id);
  if (!who) return std::optional<Standing>{};
  return std::optional(Standing{.rank = Rank{static_cast<int>(standings(period).size()) + 1},
                                .user = id,
                                .username = who->username.str(),
                                .display_name = who->display_name,
                                .score = {},
                                .reached = {},
                                .reached_at = {}});
}

Result<std::vector<Standing>> MemoryStore::around(Period period, const UserId& id, int each_side) {
  const auto own_standing = standing(period, id);
  if (!*own_standing) return std::vector<Standing>{};
  const std::lock_guard lock(mutex_);
  auto all = standings(period);
  if ((*own_standing)->score.value() == 0) all.push_back(**own_standing);
  const auto rank = (*own_standing)->rank.value();
  std::erase_if(all, [&](const Standing& other) {
    return other.rank.value() < rank - each_side || other.rank.value() > rank + each_side;
  });
  return all;
}

Result<std::vector<Standing>> MemoryStore::page(Period period, std::optional<BoardCursor> after,
                                                int limit) {
  const std::lock_guard lock(mutex_);
  auto all = standings(period);
  if (after) {
    std::erase_if(all, [&](const Standing& one) {
      return one.score > after->score ||
             (one.score == after->score && one.reached <= after->reached);
    });
  }
  if (all.size() > static_cast<std::size_t>(limit)) all.resize(static_cast<std::size_t>(limit));
  return all;
}

Result<std::optional<Receipt>> MemoryStore::receipt(const UserId& user, const ActionId& action) {
  const std::lock_guard lock(mutex_);
  for (const Event& event : events_) {
    if (event.award.user == user && event.award.action == action) {
      return std::optional(event.receipt);
    }
  }
  return std::optional<Receipt>{};
}

Result<JournalHead> MemoryStore::journal_head() {
  const std::lock_guard lock(mutex_);
  if (entries_.empty()) return JournalHead{{}, {}};
  return JournalHead{JournalSeq{static_cast<int>(entries_.size())}, entries_.back().committed_at};
}

Result<JournalSeq> MemoryStore::follow() {
  return journal_head()->seq;
}

Result<std::vector<Change>> MemoryStore::changes_after(JournalSeq seq, int limit) {
  const std::lock_guard lock(mutex_);
  std::vector<Change> changes;
  for (const Event& event : events_) {
    const Receipt& receipt = event.receipt;
    if (receipt.reached.seq() <= seq) continue;
    const bool new_entry = changes.empty() || changes.back().reached.seq() != receipt.reached.seq();
    if (new_entry && static_cast<int>(changes.size()) >= std::max(limit, 1)) break;
    changes.push_back({receipt.reached, receipt.accepted_at, receipt.user, receipt.previous,
                       receipt.current, receipt.rank});
  }
  return changes;
}

}  // namespace scoreboard::tests
