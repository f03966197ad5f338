// SPDX-License-Identifier: Apache-2.0
#include "publish/period_boards.hpp"

#include "publish/board_json.hpp"

namespace scoreboard::publish {
namespace {

constexpr int top_ten = 10;

}  // namespace

PeriodBoards::PeriodBoards(Store& store, const std::vector<Board>& boards,
                           std::shared_ptr<const Calendar> calendar)
    : store_(store), calendar_(std::move(calendar)) {
  for (const Board board : boards) {
    boards_.push_back({.period = {board, {}},
                       .channel = "board-" + std::string(board_name(board)),
                       .message = {},
                       .published = {}});
  }
}

void PeriodBoards::read(Shown& shown) {
  auto view = store_.top(shown.period, top_ten);
  if (!view) return;
  shown.message = period_update_message(shown.period, *view);
  shown.stale = false;
}

bool PeriodBoards::look(bool news, Timestamp now, const Send& send) {
  bool any = false;
  for (Shown& shown : boards_) {
    const Period running = calendar_->period(shown.period.board, now);
    if (news || running != shown.period) shown.stale = true;
    shown.period = running;
    if (shown.stale) read(shown);
    if (shown.stale || shown.message == shown.published) continue;
    if (!send(shown.channel, shown.message)) continue;
    shown.published = shown.message;
    any = true;
  }
  return any;
}

void PeriodBoards::lost(const std::string& channel) {
  for (Shown& shown : boards_) {
    if (shown.channel == channel) shown.published.clear();
  }
}

std::vector<std::string> PeriodBoards::channels() const {
  std::vector<std::string> names;
  names.reserve(boards_.size());
  for (const Shown& shown : boards_) names.push_back(shown.channel);
  return names;
}

}  // namespace scoreboard::publish
