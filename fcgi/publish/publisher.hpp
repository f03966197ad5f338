// SPDX-License-Identifier: Apache-2.0
// One publisher per host. Every worker process runs one of these; a file lock elects who acts, and
// when that process dies the kernel frees the lock and another takes over within 250 ms.
//
// The acting publisher looks at the journal when it is nudged: by a datagram from any worker of
// this host that committed something or heard that another host did (store/journal_follower.hpp).
// If a nudge is lost it looks within 250 ms. When the visible board changed it writes the snapshot
// (snapshot_directory.hpp) and publishes to Nchan; it sends at most 20 boards a second and always
// ends on the newest. Every second it asks Nchan whether the channels still hold the board and
// publishes again when they do not; every 30 seconds it repeats the boards and sends a pulse, which
// keeps quiet event streams open.
//
// Channels on the live Nginx (one writer, whole boards, a version in each: nothing out of order):
//   board-a   LEADERBOARD_UPDATE    kept for newcomers       /ws/leaderboard
//   board-day, -week, -month: the same, of those boards      /ws/leaderboard/day, ...
//   board-b   leaderboard_updated   kept for newcomers       /ws/scores
//   scores    user_score_updated    live only                /ws/scores
//   me-<user> user_score_updated    live only, and only for users with an open connection  /ws/me
//   pulse     an event of that name, no message              /ws/me as an event stream
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ops/spans.hpp"
#include "publish/nchan_status.hpp"
#include "publish/publish_metrics.hpp"
#include "store/store.hpp"

namespace scoreboard::publish {

struct PublisherStatus {
  bool acting = false;  // this process holds the lock
  bool nchan_reachable = false;
  JournalSeq followed;   // journal entries up to here were told
  JournalSeq published;  // version of the board that Nchan was given last
  // When the snapshot was last seen to be the board of the database, or this publisher began.
  std::chrono::steady_clock::time_point snapshot_current_at = {};
  NchanStatus nchan = {};
};

class Publisher {
 public:
  struct Options {
    std::filesystem::path runtime_directory;   // lock, nudge socket, connection registry
    std::filesystem::path snapshot_directory;  // served by the edge
    std::filesystem::path nchan_socket;        // the live Nginx's publisher listener
    std::chrono::milliseconds spacing{50};     // at most one board per this
    std::vector<Board> boards = {};            // that begin again, besides the all-time one
    std::shared_ptr<const Calendar> calendar = std::make_shared<UtcCalendar>();
    // What else is one process's to do on a host. Called by the acting publisher's thread.
    std::function<void()> each_second = [] {};
    trace::Spans* spans = nullptr;  // where boards that show an award of a recorded trace are noted
    PublishMetrics metrics = {};
  };
  // The store outlives the publisher. Starts its thread.
  Publisher(Store& store, Options options);
  ~Publisher();  // stops and joins
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Something was committed, here or elsewhere, perhaps in a recorded trace. Never blocks;
  // thread-safe.
  void nudge(std::string_view traceparent = {});
  PublisherStatus status() const;
  // How long its thread has not moved, elected or not.
  std::chrono::milliseconds still_for() const;
  // Whether some process of this host holds the publisher's lock: what readiness asks for.
  bool elected_somewhere() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scoreboard::publish
