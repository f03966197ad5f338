// SPDX-License-Identifier: Apache-2.0
// The boards of one database: a few connections that read it and the counts for ranks that belong
// to it. The primary has one of these, and a replica has its own, counts included, because it is at
// a moment of its own. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "store/database.hpp"
#include "store/pool.hpp"
#include "store/rank_counts.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

class Boards {
 public:
  struct Options {
    int readers = 4;
    // For a connection, and for somebody else who is counting: then `unavailable`.
    std::chrono::milliseconds wait_max{2000};
    DatabaseMetrics metrics = {};
  };
  // Asked about each connection before anything is read from it; an error is the reader's answer.
  using Admission = std::function<Result<void>(Connection&)>;

  // The breaker outlives this.
  Boards(Database database, Breaker& breaker, Options options);

  // Counts the running boards; see RankCounts. Called by whoever needs a rank and finds none, too.
  Result<void> load_ranks(const Admission& admission = {});
  RankCounts& ranks() { return ranks_; }
  const RankCounts& ranks() const { return ranks_; }
  // As Store says: takes in the entries that the counts do not know yet.
  Result<JournalSeq> follow(const Admission& admission = {});

  // Anything else that only reads.
  template <class Work>
  auto read(Work work) {
    return readers_.with(std::move(work));
  }

  // As BoardReader and Store say.
  Result<BoardView> top(Period period, int limit, const Admission& admission = {});
  Result<std::optional<Standing>> standing(Period period, const UserId& user);
  Result<std::vector<Standing>> around(Period period, const UserId& user, int each_side,
                                       const Admission& admission = {});
  Result<std::vector<Standing>> page(Period period, std::optional<BoardCursor> after, int limit,
                                     const Admission& admission = {});

 private:
  template <class Work>
  Result<void> load(const Admission& admission, Work work);
  Result<void> know(Period period, const Admission& admission);
  template <class T, class Read>
  Result<T> exactly(Period period, const Admission& admission, Read read);

  Database database_;
  Breaker& breaker_;
  Options options_;
  Pool readers_;
  RankCounts ranks_;
  std::mutex loading_;
};

}  // namespace scoreboard::store
