// SPDX-License-Identifier: Apache-2.0
// Everything that verify() compares, read in pieces: a table of millions is never held at once.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "board/periods.hpp"
#include "store/connection.hpp"

namespace scoreboard::store {

struct JournalRow {
  long long seq = 0;
  long long committed_at = 0;
  std::string changes;
  std::string top;
  std::string previous_hash;
  std::string hash;
};
void each_journal_row(Connection& connection, const std::function<void(const JournalRow&)>& row);

struct EventRow {
  std::string public_id;
  std::string reference;
  std::string action_id;
  long long number = 0;
  long long points = 0;
  long long previous = 0;
  long long current = 0;
  long long rank = 0;
  std::string periods;
  long long reached = 0;
  long long accepted_at = 0;
};
// Events in journal order, one after the other.
class EventStream {
 public:
  explicit EventStream(Connection& connection) : connection_(connection) {}
  const EventRow* front();  // nullptr: no more
  void pop() { rows_.pop_front(); }

 private:
  Connection& connection_;
  std::deque<EventRow> rows_;
  long long last_ = -1;
  bool ended_ = false;
};

struct ScoreRow {
  long long board = 0;
  long long start = 0;
  long long user = 0;
  std::string reference;
  long long score = 0;
  long long reached = 0;
};
void each_score(Connection& connection, const std::function<void(const ScoreRow&)>& row);

struct PlayerNumber {
  long long user = 0;
  std::string public_id;
  std::string reference;
  long long event_number = 0;
};
void each_player(Connection& connection, const std::function<void(const PlayerNumber&)>& row);

// Events accepted before this moment may be gone.
long long events_kept_from(Connection& connection);

}  // namespace scoreboard::store
