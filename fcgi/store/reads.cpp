// SPDX-License-Identifier: Apache-2.0
#include "store/reads.hpp"

#include <algorithm>

namespace scoreboard::store {
namespace {

struct StandingRow {
  std::string user;
  std::string username;
  std::string display_name;
  long long score = 0;
  long long reached = 0;
  long long reached_at = 0;

  Standing at(std::int64_t rank) const {
    return {.rank = Rank{rank},
            .user = UserId{user},
            .username = username,
            .display_name = display_name,
            .score = Score{score},
            .reached = Reached{reached},
            .reached_at = from_micros(reached_at)};
  }
};

}  // namespace

Result<BoardView> read_top(Connection& connection, int limit) {
  BoardView view{};
  StandingRow row;
  connection
      .query(
          "SELECT u.public_id, u.username, u.display_name, s.score, s.reached, j.committed_at"
          " FROM scores s JOIN users u ON u.id = s.user_id JOIN journal j ON j.seq ="
          " s.reached / 256 WHERE s.board_id = 1 AND s.period_start = 0"
          " ORDER BY s.score DESC, s.reached LIMIT :limit")
      .use(limit)
      .into(row.user)
      .into(row.username)
      .into(row.display_name)
      .into(row.score)
      .into(row.reached)
      .into(row.reached_at)
      .each([&] {
        view.standings.push_back(row.at(static_cast<std::int64_t>(view.standings.size()) + 1));
      });
  if (view.standings.empty()) {
    long long made_at = 0;
    connection.query("SELECT min(applied_at) FROM schema_migrations").into(made_at).one();
    view.updated_at = from_micros(made_at);
    return view;
  }
  const auto newest =
      std::max_element(view.standings.begin(), view.standings.end(),
                       [](const Standing& a, const Standing& b) { return a.reached < b.reached; });
  view.version = newest->reached.seq();
  view.updated_at = newest->reached_at;
  return view;
}

std::int64_t count_at_or_above(Connection& connection, Score score) {
  long long count = 0;
  connection
      .query(
          "SELECT count(*) FROM scores WHERE board_id = 1 AND period_start = 0"
          " AND score >= :score")
      .use(score.value())
      .into(count)
      .one();
  return count;
}

Result<std::optional<Standing>> read_standing(Connection& connection, const UserId& user) {
  StandingRow row;
  // One statement: score and rank are of the same moment. A player without points stands behind
  // all who have some: reached is 0, and every score is above.
  long long ahead = 0;
  const bool found =
      connection
          .query(
              "SELECT p.public_id, p.username, p.display_name, p.score, p.reached,"
              " p.reached_at, (SELECT count(*) FROM scores o WHERE o.board_id = 1"
              " AND o.period_start = 0 AND (o.score > p.score"
              " OR (o.score = p.score AND o.reached < p.reached)))"
              " FROM (SELECT u.public_id, u.username, u.display_name,"
              " coalesce(s.score, 0) AS score, coalesce(s.reached, 0) AS reached,"
              " coalesce(j.committed_at, 0) AS reached_at"
              " FROM users u LEFT JOIN scores s ON s.board_id = 1 AND s.period_start = 0"
              " AND s.user_id = u.id LEFT JOIN journal j ON j.seq = s.reached / 256"
              " WHERE u.public_id = :user) p")
          .use(user.str())
          .into(row.user)
          .into(row.username)
          .into(row.display_name)
          .into(row.score)
          .into(row.reached)
          .into(row.reached_at)
          .into(ahead)
          .one();
  if (!found) return std::optional<Standing>{};
  return std::optional(row.at(ahead + 1));
}

Result<JournalHead> read_journal_head(Connection& connection) {
  long long seq = 0;
  long long committed_at = 0;
  connection.query("SELECT seq, committed_at FROM journal_head WHERE id = 1")
      .into(seq)
      .into(committed_at)
      .one();
  return JournalHead{JournalSeq{seq}, from_micros(committed_at)};
}

Result<std::vector<Change>> read_changes_after(Connection& connection, JournalSeq seq, int limit) {
  // The last entry that begins within the limit bounds the answer, so entries stay whole.
  long long last = 0;
  connection
      .query(
          "SELECT coalesce(max(reached) / 256, 0) FROM (SELECT reached FROM events"
          " WHERE reached >= :after ORDER BY reached LIMIT :limit)")
      .use((seq.value() + 1) * 256)
      .use(std::max(limit, 1))
      .into(last)
      .one();
  std::vector<Change> changes;
  std::string user;
  long long reached = 0;
  long long accepted_at = 0;
  long long previous = 0;
  long long current = 0;
  long long rank = 0;
  connection
      .query(
          "SELECT e.reached, e.accepted_at, u.public_id, e.previous_score, e.current_score,"
          " e.rank FROM events e JOIN users u ON u.id = e.user_id"
          " WHERE e.reached >= :after AND e.reached < :before ORDER BY e.reached")
      .use((seq.value() + 1) * 256)
      .use((last + 1) * 256)
      .into(reached)
      .into(accepted_at)
      .into(user)
      .into(previous)
      .into(current)
      .into(rank)
      .each([&] {
        changes.push_back({.reached = Reached{reached},
                           .accepted_at = from_micros(accepted_at),
                           .user = UserId{user},
                           .previous = Score{previous},
                           .current = Score{current},
                           .rank = Rank{rank}});
      });
  return changes;
}

}  // namespace scoreboard::store
