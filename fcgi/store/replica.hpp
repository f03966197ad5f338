// SPDX-License-Identifier: Apache-2.0
// A streaming standby (PostgreSQL manual, chapter 27) as a reader of boards that may be a moment
// old. Whatever it cannot answer for certain the primary is asked instead.
//
// What is certain: once a second the primary is asked for the head of its journal, and a connection
// to the replica is believed if its journal holds the very entry, by number and hash, that was the
// head there a second or two ago. So an answer is at most age_max old when it is read, however far
// the replica is behind; and a server with another history, after a failover or by mistake, is not
// believed. While the primary does not answer, its last known head has to do.
//
// Thread-safe. Has a thread of its own that asks the primary and keeps the counts for the replica's
// ranks current, so that nobody who reads has to do either.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "store/board_reader.hpp"
#include "store/boards.hpp"

namespace scoreboard::store {

class Replica final : public BoardReader {
 public:
  static constexpr std::chrono::milliseconds age_max{2000};

  // `primary` outlives this. Counts, as far as the replica can be reached, and starts the thread.
  Replica(Database database, int readers, Boards& primary, const DatabaseMetrics& metrics = {});
  ~Replica() override;  // stops and joins
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  Result<BoardView> top(Period period, int limit) override;
  // A user whom the replica does not know is looked for at the primary: perhaps just registered.
  Result<std::vector<Standing>> around(Period period, const UserId& user, int each_side) override;
  Result<std::vector<Standing>> page(Period period, std::optional<BoardCursor> after,
                                     int limit) override;

 private:
  using Steady = std::chrono::steady_clock;
  struct Sample {  // the primary's head as it was at `at` or later
    RankCounts::Head head;
    std::optional<Steady::time_point> at;

    bool younger_than(std::chrono::milliseconds age, Steady::time_point now) const {
      return at && now - *at <= age;
    }
  };

  template <class Read>
  auto read(Read read);
  Boards::Admission admission();
  std::optional<RankCounts::Head> required();
  void ask_primary();
  void look();
  void watch();
  void note(const Error& why);

  Breaker breaker_;
  Boards boards_;
  Boards& primary_;

  std::mutex mutex_;  // of what follows
  Sample older_;
  Sample newer_;
  bool asking_ = false;
  bool answered_ = true;  // the primary, when it was asked last
  Steady::time_point asked_at_;
  std::optional<Steady::time_point> noted_at_;
  bool stopping_ = false;
  std::condition_variable stopped_;
  std::thread thread_;
};

}  // namespace scoreboard::store
