// SPDX-License-Identifier: Apache-2.0
// What the acting publisher does each time it looks: follow the journal, publish the board if it
// changed, write the snapshot, tell who scored, and put the board back into an Nchan that lost it.
// Belongs to the publisher's thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>

#include "publish/nchan_client.hpp"
#include "publish/period_boards.hpp"
#include "publish/publisher.hpp"
#include "publish/snapshot_directory.hpp"
#include "store/store.hpp"

namespace scoreboard::publish {

class BoardFollower {
 public:
  // Up to where the journal has been told of: by somebody before this one, and from now on.
  struct Told {
    // What came after it is told as news, unless it is so much that it is none any more.
    std::optional<JournalSeq> before;
    // Called while entry after entry is told, so that whoever goes on tells at most one again.
    std::function<void(JournalSeq)> remember;
  };

  BoardFollower(Store& store, const Publisher::Options& options, Told told);

  // One look. Returns true if anything was published, so that the caller can space out boards.
  bool look();
  // Asks Nchan whether it still holds the board, and publishes again if not, or if half a minute
  // has passed: that keeps event streams open. Those of a player's own news, which nobody repeats,
  // get a pulse.
  void check_nchan();

  bool nchan_reachable() const { return nchan_reachable_; }
  // Whether the last look found the snapshot to be the board that the database has.
  bool snapshot_current() const {
    return store_reachable_ && board_known_ && !board_stale_ && !snapshot_owed_;
  }
  // As of the last check_nchan(); all 0 while it does not answer.
  const NchanStatus& nchan_status() const { return nchan_status_; }
  JournalSeq followed() const { return followed_; }
  JournalSeq published() const { return published_; }

 private:
  using LatestByUser = std::map<UserId, Change>;

  bool read_head();
  JournalSeq begin_of_news() const;
  LatestByUser read_changes();
  void tell_users(const LatestByUser& latest);
  void refresh_board();
  void write_snapshot();
  bool show_board();
  void publish_board();
  bool publish_periods(bool news);
  bool send(std::string_view channel, const std::string& message);

  Store& store_;
  Publisher::Options options_;
  Told told_;
  NchanClient nchan_;
  SnapshotDirectory snapshot_;
  PeriodBoards periods_;
  NchanStatus nchan_status_;
  BoardView board_{};
  bool board_known_ = false;
  bool board_stale_ = false;    // the journal is ahead of it, and it could not be read since
  bool snapshot_owed_ = false;  // the files are not of this board
  bool snapshot_written_ = false;
  bool board_published_ = false;
  bool published_once_ = false;
  bool nchan_reachable_ = true;
  bool store_reachable_ = true;
  std::chrono::steady_clock::time_point repeated_at_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point pulsed_at_{};  // a new publisher does so at once
  JournalSeq head_;                                    // when it was last asked
  JournalSeq followed_;
  JournalSeq published_;
};

}  // namespace scoreboard::publish
