// SPDX-License-Identifier: Apache-2.0
// How many players stand at each score of each running board, in this process's memory, at an exact
// number of the journal. Loaded from one snapshot, then kept current by journal entries, whoever
// wrote them; so a rank is exact with any number of processes on any number of hosts.
//
// Three moments meet here. `version` is the entry up to which the counts know everything. A
// committer asks under the lock of journal_head, after catch_up() to that head, so nothing can be
// newer. A reader has read some head a moment ago and asks for the counts as of that number: newer
// entries that came in meanwhile are taken back from a short history.
//
// An entry of this process need not be read back from the database: it is announced before its
// COMMIT, and whoever finds its hash at the head knows that it was committed.
//
// Hashes tell histories apart: a standby that took over without the last entries of its primary
// goes on with others under the same numbers. Counts that hold entries which a database has not are
// forgotten and loaded again.
//
// Thread-safe. Where the counts do not know, they say so (nullopt); they never guess.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "board/decide.hpp"
#include "board/score_counts.hpp"
#include "store/connection.hpp"
#include "store/journal.hpp"

namespace scoreboard::store {

class RankCounts {
 public:
  struct Head {
    JournalSeq seq;
    std::string hash;
  };
  struct Entry {
    JournalSeq seq;
    std::string previous_hash;
    std::string hash;
    std::vector<Move> moves;
  };

  // Whether load_running() has succeeded and nothing contradicted the counts since.
  bool loaded() const;
  // Loads the newest period of every board. `connection` is inside a snapshot; blocks nobody else
  // while the database counts (seconds at ten million players).
  void load_running(Connection& connection);
  // Loads one more period, as of `head`, which this connection sees and up to which the counts were
  // brought. False if they have moved on too far since: begin again.
  bool load(Connection& connection, const Head& head, Period period);

  // Reads the entries that are missing up to `head`. False: not loaded, or an entry or the head
  // contradicts the counts, which are then empty until load_running().
  bool catch_up(Connection& connection, const Head& head);
  // The same under the lock of journal_head, where nothing can be newer than `head`.
  bool catch_up_locked(Connection& connection, const Head& head);

  void announce(Entry entry);  // before COMMIT, under the lock of journal_head
  void committed(JournalSeq seq);
  void failed(JournalSeq seq);

  // All of these as of entry `at`; nullopt if that is not known, or the period is not loaded.
  std::optional<std::int64_t> at_or_above(Period period, Score score, JournalSeq at) const;
  std::optional<std::int64_t> players(Period period, JournalSeq at) const;
  std::optional<ScoreCounts::Equals> equals(Period period, Score score, Reached reached,
                                            JournalSeq at) const;
  // Whether the period is loaded, or known to be one in which nobody had scored.
  bool knows(Period period) const;

  std::size_t memory_bytes() const;

 private:
  const ScoreCounts* find(Period period) const;
  bool known(Period period) const;
  bool covers(JournalSeq at) const;
  const std::string& hash_at(JournalSeq at) const;
  bool apply(Entry entry);
  bool apply_announced(JournalSeq seq, const std::string* hash);
  void forget_old(Period asked);
  void reset();

  mutable std::mutex mutex_;
  bool loaded_ = false;
  JournalSeq version_;
  std::string hash_;  // of the entry `version_`
  std::map<Period, ScoreCounts> counts_;
  std::map<Board, Timestamp> newest_;  // no period that starts later had a player when first seen
  std::deque<Entry> history_;          // the last applied ones, oldest first
  std::map<JournalSeq, Entry> announced_;
};

}  // namespace scoreboard::store
