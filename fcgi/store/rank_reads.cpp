// SPDX-License-Identifier: Apache-2.0
#include "store/rank_reads.hpp"

#include <algorithm>

#include "store/rank_loading.hpp"
#include "store/reads.hpp"

namespace scoreboard::store {
namespace {

constexpr std::int64_t equals_max = ScoreCounts::group_max;

// A player, where they stand, and the moment at which that was so. Score 0: no points.
struct Seen {
  StandingRow row;
  RankCounts::Head head;
  std::int64_t equals = 0;  // who reached the score first, counted up to equals_max + 1
};

// One statement, so all of it is of one moment.
bool see(Connection& connection, Period period, const UserId& user, Seen& seen) {
  long long seq = 0;
  long long equals = 0;
  auto query = connection.query(
      "SELECT p.public_id, p.username, p.display_name, p.score, p.reached,"
      " coalesce(j.committed_at, 0), h.seq, h.hash,"
      " (SELECT count(*) FROM (SELECT 1 FROM scores o WHERE o.board_id = p.board"
      " AND o.period_start = p.start AND o.score > 0 AND o.score = p.score"
      " AND o.reached < p.reached"
      " LIMIT 257) AS few)"
      " FROM (SELECT u.public_id, u.username, u.display_name, w.board, w.start,"
      " coalesce(s.score, 0) AS score, coalesce(s.reached, 0) AS reached"
      " FROM (SELECT CAST(:board AS bigint) AS board, CAST(:start AS bigint) AS start) AS w"
      " CROSS JOIN users u LEFT JOIN scores s ON s.board_id = w.board"
      " AND s.period_start = w.start AND s.user_id = u.id WHERE u.public_id = :user) AS p"
      " CROSS JOIN journal_head h LEFT JOIN journal j ON j.seq = p.reached / 256"
      " WHERE h.id = 1");
  static_assert(equals_max + 1 == 257);
  query.use(static_cast<int>(period.board)).use(to_micros(period.start)).use(user.str());
  seen.row.into(query).into(seq).into(seen.head.hash).into(equals);
  if (!query.one()) return false;
  seen.head.seq = JournalSeq{seq};
  seen.equals = equals;
  return true;
}

std::int64_t count_equals(Connection& connection, Period period, Score score, Reached from,
                          Reached before) {
  long long count = 0;
  connection
      .query(
          "SELECT count(*) FROM (SELECT 1 FROM scores WHERE board_id = :board"
          " AND period_start = :start AND score > 0 AND score = :score AND reached >= :from"
          " AND reached < :before LIMIT 257) AS few")
      .use(static_cast<int>(period.board))
      .use(to_micros(period.start))
      .use(score.value())
      .use(from.value())
      .use(before.value())
      .into(count)
      .one();
  return count;
}

// Inside a snapshot that shows `head`, up to which the counts were brought.
std::optional<std::int64_t> rank_of(Connection& connection, const RankCounts& counts, Period period,
                                    const RankCounts::Head& head, Score score, Reached reached) {
  const auto above = counts.at_or_above(period, Score{score.value() + 1}, head.seq);
  if (!above) return std::nullopt;
  if (score.value() == 0) return *above + 1;
  std::int64_t equals = count_equals(connection, period, score, Reached{}, reached);
  if (equals > equals_max) {
    const auto groups = counts.equals(period, score, reached, head.seq);
    if (!groups) return std::nullopt;
    equals = groups->before + count_equals(connection, period, score, groups->group_from, reached);
  }
  return *above + equals + 1;
}

// The counts up to this snapshot's head, with this period.
bool bring(Connection& connection, RankCounts& counts, Period period,
           const RankCounts::Head& head) {
  return counts.knows(period) && counts.catch_up(connection, head);
}

// `text` with :board, :start, :score, :reached and :limit, each as often as it says.
void append_rows(Connection& connection, const std::string& text,
                 std::initializer_list<std::int64_t> parameters, std::vector<Standing>& into) {
  StandingRow row;
  auto query = connection.query(text);
  for (const std::int64_t parameter : parameters) query.use(parameter);
  row.into(query).each([&] { into.push_back(row.at(0)); });
}

// Who stands directly before (score, reached), nearest first. Two index ranges, because in one the
// equals would have to be skipped row by row.
std::vector<Standing> before(Connection& connection, Period period, BoardCursor place, int limit) {
  const int board = static_cast<int>(period.board);
  const std::int64_t start = to_micros(period.start);
  std::vector<Standing> rows;
  if (place.score.value() > 0) {
    append_rows(connection,
                select_standings("AND s.score = :score AND s.reached < :reached", "s.reached DESC"),
                {board, start, place.score.value(), place.reached.value(), limit}, rows);
  }
  const int rest = limit - static_cast<int>(rows.size());
  if (rest > 0) {
    append_rows(connection, select_standings("AND s.score > :score", "s.score, s.reached DESC"),
                {board, start, place.score.value(), rest}, rows);
  }
  return rows;
}

// Who stands directly behind, nearest first.
std::vector<Standing> behind(Connection& connection, Period period, BoardCursor place, int limit) {
  const int board = static_cast<int>(period.board);
  const std::int64_t start = to_micros(period.start);
  std::vector<Standing> rows;
  append_rows(connection,
              select_standings("AND s.score = :score AND s.reached > :reached", "s.reached"),
              {board, start, place.score.value(), place.reached.value(), limit}, rows);
  const int rest = limit - static_cast<int>(rows.size());
  if (rest > 0) {
    append_rows(connection, select_standings("AND s.score < :score", "s.score DESC, s.reached"),
                {board, start, place.score.value(), rest}, rows);
  }
  return rows;
}

}  // namespace

Exact<std::optional<Standing>> read_standing(Connection& connection, RankCounts& counts,
                                             Period period, const UserId& user) {
  {
    Seen seen;
    if (!see(connection, period, user, seen)) return std::optional<Standing>{};
    if (!counts.knows(period)) return std::nullopt;
    if (seen.equals <= equals_max) {
      if (!counts.catch_up(connection, seen.head)) return std::nullopt;
      const auto above = counts.at_or_above(period, Score{seen.row.score + 1}, seen.head.seq);
      if (!above) return std::nullopt;
      return std::optional(seen.row.at(*above + seen.equals + 1));
    }
  }
  // More equals than are counted one by one.
  const Transaction snapshot(connection, Transaction::Kind::snapshot);
  Seen seen;
  if (!see(connection, period, user, seen)) return std::optional<Standing>{};
  if (!bring(connection, counts, period, seen.head)) return std::nullopt;
  const auto rank = rank_of(connection, counts, period, seen.head, Score{seen.row.score},
                            Reached{seen.row.reached});
  if (!rank) return std::nullopt;
  return std::optional(seen.row.at(*rank));
}

Exact<std::vector<Standing>> read_around(Connection& connection, RankCounts& counts, Period period,
                                         const UserId& user, int each_side) {
  const Transaction snapshot(connection, Transaction::Kind::snapshot);
  Seen seen;
  if (!see(connection, period, user, seen)) return std::vector<Standing>{};
  if (!bring(connection, counts, period, seen.head)) return std::nullopt;
  const BoardCursor place{Score{seen.row.score}, Reached{seen.row.reached}};
  const auto rank = rank_of(connection, counts, period, seen.head, place.score, place.reached);
  if (!rank) return std::nullopt;
  std::vector<Standing> all = before(connection, period, place, each_side);
  std::reverse(all.begin(), all.end());
  const auto first = *rank - static_cast<std::int64_t>(all.size());
  all.push_back(seen.row.at(*rank));
  if (place.score.value() > 0) {
    const auto rest = behind(connection, period, place, each_side);
    all.insert(all.end(), rest.begin(), rest.end());
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].rank = Rank{first + static_cast<std::int64_t>(i)};
  }
  return all;
}

Exact<std::vector<Standing>> read_page(Connection& connection, RankCounts& counts, Period period,
                                       std::optional<BoardCursor> after, int limit) {
  const Transaction snapshot(connection, Transaction::Kind::snapshot);
  if (!after) return read_first(connection, period, limit);
  const auto head = read_counts_head(connection);
  if (!bring(connection, counts, period, head)) return std::nullopt;
  std::vector<Standing> rows = behind(connection, period, *after, limit);
  if (rows.empty()) return rows;
  const auto first =
      rank_of(connection, counts, period, head, rows.front().score, rows.front().reached);
  if (!first) return std::nullopt;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].rank = Rank{*first + static_cast<std::int64_t>(i)};
  }
  return rows;
}

}  // namespace scoreboard::store
