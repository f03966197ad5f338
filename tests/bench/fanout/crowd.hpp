// SPDX-License-Identifier: Apache-2.0
// All the subscribers. When a connection ends they do what the page does (nginx/html/channel.js):
// a WebSocket, and where that leads nowhere an event stream at once; a round without success
// waits with full jitter, longer each time. A connection is up once it has told the board.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "fanout/receipts.hpp"
#include "fanout/watcher.hpp"

namespace scoreboard::bench {

struct CrowdWanted {
  Watcher::Target target;
  std::size_t websocket = 0;
  std::size_t eventsource = 0;
  std::size_t deaf = 0;       // half of them of either kind
  bool reconnect = false;     // otherwise who is cut stays cut
  bool keep_receipts = true;  // off where it would fill a memory
  bool keep_versions = false;
};

class Crowd : public Audience {
 public:
  Crowd(Loop& loop, CrowdWanted wanted);

  // Connects everybody, some at a time. False if they are not all up by `limit`.
  bool gather(Nanos limit);
  // A board with this mark was acknowledged: from now on nobody may be content with less for long.
  void acknowledged(Mark mark);

  void opened(Watcher& who) override;
  void heard(Watcher& who, std::string_view message, Nanos at) override;
  void ended(Watcher& who) override;

  struct Return {
    Nanos cut = 0;
    Nanos current = 0;  // 0: not yet
  };
  struct Told {
    std::size_t up = 0;
    std::size_t cut = 0;      // connections that ended after they had been up
    std::size_t refused = 0;  // attempts that were answered by a refusal
    std::size_t messages = 0;
    std::size_t fell = 0;  // versions lower than the one before
    std::size_t deaf_dropped = 0;
    Nanos deaf_dropped_last = 0;
    std::vector<Return> returns;  // of everybody who was cut, the latest time
  };
  Told told() const;
  const Receipts& receipts() const { return receipts_; }
  const std::string& last_message() const { return last_message_; }
  const std::vector<std::vector<std::int64_t>>& versions() const { return versions_; }
  // What it can see itself: whether all who were cut are on the current board again.
  bool all_current() const { return away_ == 0; }

 private:
  struct Seat {
    std::unique_ptr<Watcher> watcher;
    Kind kind = Kind::websocket;  // what it tries first
    bool deaf = false;
    bool connected = false;  // has told the board since it was opened
    bool waiting = false;    // for its attempt's outcome
    int failures = 0;
    std::uint64_t attempt = 0;
    Nanos up_since = 0;
    std::int64_t version = -1;
    Return back;
    Mark owed = 0;  // the board it must have to be current again
  };

  void try_next(Seat& seat, Kind kind);
  void begin_round(Seat& seat);
  void later(Seat& seat);
  void lost(Seat& seat);
  void settle_return(Seat& seat, Mark mark, Nanos at);
  void admit();

  Loop& loop_;
  CrowdWanted wanted_;
  Receipts receipts_;
  std::vector<Seat> seats_;
  std::vector<std::vector<std::int64_t>> versions_;
  std::string last_message_;
  std::mt19937_64 random_{1};
  Told told_;
  std::size_t admitted_ = 0;
  std::size_t under_way_ = 0;
  std::size_t away_ = 0;
  bool gathering_ = false;
  Mark newest_ = 0;
};

}  // namespace scoreboard::bench
