// SPDX-License-Identifier: Apache-2.0
#include "store/rank_loading.hpp"

#include "store/fault.hpp"

namespace scoreboard::store {
namespace {

constexpr int entries_at_once = 200;

}  // namespace

RankCounts::Head read_counts_head(Connection& connection) {
  long long seq = 0;
  RankCounts::Head head;
  connection.query("SELECT seq, hash FROM journal_head WHERE id = 1")
      .into(seq)
      .into(head.hash)
      .one();
  head.seq = JournalSeq{seq};
  return head;
}

std::optional<Timestamp> newest_period(Connection& connection, Board board) {
  long long start = 0;
  const bool any = connection
                       .query(
                           "SELECT period_start FROM scores WHERE board_id = :board"
                           " ORDER BY board_id DESC, period_start DESC LIMIT 1")
                       .use(static_cast<int>(board))
                       .into(start)
                       .one();
  if (!any) return std::nullopt;
  return from_micros(start);
}

// The database groups: what is sent are some hundred thousand rows, not ten million. The order is
// that of the index scores_in_order, so it is read and not sorted.
ScoreCounts load_counts(Connection& connection, Period period) {
  ScoreCounts counts;
  long long score = 0;
  long long from = 0;
  long long players = 0;
  connection
      .query(
          "SELECT score, min(reached), count(*) FROM (SELECT score, reached,"
          " (row_number() OVER (PARTITION BY score ORDER BY reached DESC) - 1) / 256 AS part"
          " FROM scores WHERE board_id = :board AND period_start = :start AND score > 0)"
          " AS numbered"
          " GROUP BY score, part ORDER BY 1, 2")
      .use(static_cast<int>(period.board))
      .use(to_micros(period.start))
      .into(score)
      .into(from)
      .into(players)
      .each([&] { counts.load(Score{score}, Reached{from}, players); });
  static_assert(ScoreCounts::group_max == 256);
  return counts;
}

std::vector<Move> moves_of(JournalSeq seq, const std::vector<JournalChange>& changes) {
  std::vector<Move> moves;
  int position = 0;
  for (const JournalChange& change : changes) {
    const Reached reached{seq, position++};
    for (const JournalMove& move : change.moves) {
      moves.push_back({move.period, move.before, {move.after, reached}});
    }
  }
  return moves;
}

std::vector<RankCounts::Entry> read_entries(Connection& connection, JournalSeq from,
                                            JournalSeq to) {
  std::vector<RankCounts::Entry> entries;
  long long seq = 0;
  std::string previous_hash;
  std::string hash;
  std::string changes;
  connection
      .query(
          "SELECT seq, previous_hash, hash, changes FROM journal WHERE seq > :after AND seq <= :to"
          " ORDER BY seq LIMIT :most")
      .use(from.value())
      .use(to.value())
      .use(entries_at_once)
      .into(seq)
      .into(previous_hash)
      .into(hash)
      .into(changes)
      .each([&] {
        auto parsed = parse_changes(changes);
        if (!parsed) throw DriverFault(parsed.error(), FaultKind::statement);
        entries.push_back(
            {JournalSeq{seq}, previous_hash, hash, moves_of(JournalSeq{seq}, *parsed)});
      });
  return entries;
}

}  // namespace scoreboard::store
