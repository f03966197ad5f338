// SPDX-License-Identifier: Apache-2.0
#include "publish/board_follower.hpp"

#include <algorithm>
#include <vector>

#include "ops/clock.hpp"
#include "ops/log.hpp"
#include "publish/board_json.hpp"
#include "publish/connection_registry.hpp"

namespace scoreboard::publish {
namespace {

constexpr int changes_at_once = 2000;
// An event stream without a word is cut by the edge after 75 seconds, and by others on the way
// after 60; Nchan's own pings to them leak (nginx/live/nginx.conf). Clients know the version
// already.
constexpr std::chrono::seconds repeat_interval{30};
// user_score_updated messages on the public channel per look. A board of many players scores more
// often than anybody could read; the board itself always follows.
constexpr std::size_t public_scores_max = 64;

// A state is told when it changes, not at every try.
void note(bool& reachable, bool now, const char* what, const std::string& reason) {
  if (reachable == now) return;
  reachable = now;
  if (now) {
    log::write(log::Level::info, "publisher_recovered", {{"what", what}});
  } else {
    log::write(log::Level::error, "publisher_hindered", {{"what", what}, {"reason", reason}});
  }
}

}  // namespace

BoardFollower::BoardFollower(Store& store, const Publisher::Options& options, Told told)
    : store_(store),
      options_(options),
      told_(std::move(told)),
      nchan_(options.nchan_socket),
      snapshot_(options.snapshot_directory),
      periods_(store, options.boards, options.calendar) {}

bool BoardFollower::send(std::string_view channel, const std::string& message) {
  const auto began = std::chrono::steady_clock::now();
  auto sent = nchan_.publish(channel, message);
  options_.metrics.duration.observe(std::chrono::steady_clock::now() - began);
  (sent ? options_.metrics.published : options_.metrics.unpublished).add();
  note(nchan_reachable_, static_cast<bool>(sent), "nchan", sent ? "" : sent.error().log);
  return static_cast<bool>(sent);
}

// Of a board that was there before.
JournalSeq BoardFollower::begin_of_news() const {
  const auto& before = told_.before;
  const bool goes_on =
      before && *before <= head_ && head_.value() - before->value() <= changes_at_once;
  return goes_on ? *before : head_;
}

// Whether the journal's head is another one than at the last look.
bool BoardFollower::read_head() {
  auto head = store_.journal_head();
  note(store_reachable_, static_cast<bool>(head), "store", head ? "" : head.error().log);
  if (!head) return false;
  const bool news = board_known_ && head_ != head->seq;
  head_ = head->seq;
  if (news) board_stale_ = true;
  if (!board_known_) followed_ = begin_of_news();
  if (head_ < followed_) followed_ = head_;  // a standby took over that had not received everything
  return news;
}

BoardFollower::LatestByUser BoardFollower::read_changes() {
  LatestByUser latest;
  while (followed_ < head_) {
    auto changes = store_.changes_after(followed_, changes_at_once);
    if (!changes || changes->empty()) break;
    for (const Change& change : *changes) latest.insert_or_assign(change.user, change);
    followed_ = changes->back().reached.seq();
  }
  return latest;
}

// In the order in which it happened: a client that keeps the highest version misses nobody.
void BoardFollower::tell_users(const LatestByUser& latest) {
  std::vector<const Change*> in_order;
  in_order.reserve(latest.size());
  for (const auto& [user, change] : latest) in_order.push_back(&change);
  std::sort(in_order.begin(), in_order.end(),
            [](const Change* a, const Change* b) { return a->reached < b->reached; });

  const auto connections = options_.runtime_directory / "connections";
  std::size_t told = 0;
  JournalSeq telling = in_order.empty() ? followed_ : in_order.front()->reached.seq();
  for (const Change* change : in_order) {
    if (change->reached.seq() != telling) told_.remember(telling);
    telling = change->reached.seq();
    const std::string message = user_score_updated_message(*change);
    const UserId& user = change->user;
    if (has_connections(connections, user) && !send("me-" + user.str(), message)) return;
    if (told++ < public_scores_max && !send("scores", message)) return;
  }
}

void BoardFollower::refresh_board() {
  auto view = store_.top(SnapshotDirectory::limit_b_max);
  if (!view) return;
  board_stale_ = false;
  snapshot_owed_ = snapshot_owed_ || !board_known_ || board_.version != view->version;
  board_ = *std::move(view);
  board_known_ = true;
}

void BoardFollower::write_snapshot() {
  auto written = snapshot_.write(board_);
  note(snapshot_written_, static_cast<bool>(written), "snapshot",
       written ? "" : written.error().log);
  snapshot_owed_ = !written;
}

void BoardFollower::publish_board() {
  board_published_ = send("board-a", leaderboard_update_message(board_)) &&
                     send("board-b", leaderboard_updated_message(board_));
  if (!board_published_) return;
  const BoardView shown = first_of(board_, SnapshotDirectory::limit_a_max);
  // What was the board before this process published is no news of a moment ago, nor is one that
  // Nchan is given again.
  if (published_once_ && shown.version != published_) {
    options_.metrics.lag.observe(SystemClock{}.now() - shown.updated_at);
  }
  published_ = shown.version;
  published_once_ = true;
}

bool BoardFollower::publish_periods(bool news) {
  return periods_.look(news, SystemClock{}.now(),
                       [this](const std::string& channel, const std::string& message) {
                         return nchan_reachable_ && send(channel, message);
                       });
}

bool BoardFollower::show_board() {
  const JournalSeq shown = first_of(board_, SnapshotDirectory::limit_a_max).version;
  if (board_published_ && shown == published_) return false;
  if (!board_published_ && !nchan_reachable_) return false;  // check_nchan() tries again
  publish_board();
  return true;
}

// Those who watch the board come first: some sixty files take milliseconds, and who reads them asks
// again anyway.
bool BoardFollower::look() {
  const bool news = read_head();
  if (store_reachable_ && (board_stale_ || !board_known_)) refresh_board();
  if (!board_known_) return false;
  const bool shown = show_board();
  if (snapshot_owed_) write_snapshot();
  const LatestByUser latest = read_changes();
  tell_users(latest);
  if (followed_ > JournalSeq{}) told_.remember(followed_);
  const bool periods_told = publish_periods(news);
  return shown || periods_told || !latest.empty();
}

void BoardFollower::check_nchan() {
  const auto status = nchan_.status();
  nchan_status_ = status ? *status : NchanStatus{};
  const auto now = std::chrono::steady_clock::now();
  if (now - pulsed_at_ >= repeat_interval && nchan_.pulse()) pulsed_at_ = now;
  if (!board_known_) return;
  for (const char* channel : {"board-a", "board-b"}) {
    auto state = nchan_.state(channel);
    note(nchan_reachable_, static_cast<bool>(state), "nchan", state ? "" : state.error().log);
    if (!state || state->messages == 0) board_published_ = false;
  }
  const bool repeat = now - repeated_at_ >= repeat_interval;
  if (repeat) repeated_at_ = now;
  if (nchan_reachable_ && (repeat || !board_published_)) publish_board();
  for (const std::string& channel : periods_.channels()) {
    auto state = nchan_.state(channel);
    if (repeat || !state || state->messages == 0) periods_.lost(channel);
  }
  publish_periods(false);
}

}  // namespace scoreboard::publish
