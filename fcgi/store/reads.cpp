// SPDX-License-Identifier: Apache-2.0
#include "store/reads.hpp"

#include <algorithm>

#include "store/journal.hpp"

namespace scoreboard::store {

std::string select_standings(std::string_view condition, std::string_view order) {
  const std::string in_order = " ORDER BY " + std::string(order);
  return "SELECT u.public_id, u.username, u.display_name, s.score, s.reached,"
         " coalesce(j.committed_at, 0) FROM (SELECT s.user_id, s.score, s.reached FROM scores s"
         " WHERE s.board_id = :board AND s.period_start = :start AND s.score > 0 " +
         std::string(condition) + in_order +
         " LIMIT :limit) AS s JOIN users u ON u.id = s.user_id"
         " LEFT JOIN journal j ON j.seq = s.reached / 256" +
         in_order;
}

Query& StandingRow::into(Query& query) {
  return query.into(user)
      .into(username)
      .into(display_name)
      .into(score)
      .into(reached)
      .into(reached_at);
}

Standing StandingRow::at(std::int64_t rank) const {
  return {.rank = Rank{rank},
          .user = UserId{user},
          .username = username,
          .display_name = display_name,
          .score = Score{score},
          .reached = Reached{reached},
          .reached_at = from_micros(reached_at)};
}

std::vector<Standing> read_first(Connection& connection, Period period, int limit) {
  std::vector<Standing> first;
  StandingRow row;
  auto query = connection.query(select_standings("", "s.score DESC, s.reached"));
  query.use(static_cast<int>(period.board)).use(to_micros(period.start)).use(limit);
  row.into(query).each(
      [&] { first.push_back(row.at(static_cast<std::int64_t>(first.size()) + 1)); });
  return first;
}

Result<BoardView> read_top(Connection& connection, Period period, int limit) {
  BoardView view{};
  view.standings = read_first(connection, period, limit);
  if (view.standings.empty()) {
    long long made_at = 0;
    connection.query("SELECT min(applied_at) FROM schema_migrations").into(made_at).one();
    view.updated_at = from_micros(std::max<std::int64_t>(made_at, to_micros(period.start)));
    return view;
  }
  const auto newest =
      std::max_element(view.standings.begin(), view.standings.end(),
                       [](const Standing& a, const Standing& b) { return a.reached < b.reached; });
  view.version = newest->reached.seq();
  view.updated_at = newest->reached_at;
  return view;
}

const std::string receipt_columns =
    "e.points, e.previous_score, e.current_score, e.rank, e.periods, e.reached, e.accepted_at";

Query& ReceiptRow::into(Query& query) {
  return query.into(points)
      .into(previous)
      .into(current)
      .into(rank)
      .into(periods)
      .into(reached)
      .into(accepted_at);
}

Receipt ReceiptRow::of(const UserId& user) const {
  return {.user = user,
          .points = Points{points},
          .previous = Score{previous},
          .current = Score{current},
          .rank = Rank{rank},
          .reached = Reached{reached},
          .accepted_at = from_micros(accepted_at),
          .periods = parse_periods(periods)};
}

Result<std::optional<Receipt>> read_receipt(Connection& connection, const UserId& user,
                                            const ActionId& action) {
  ReceiptRow row;
  auto query = connection.query("SELECT " + receipt_columns +
                                " FROM users u JOIN events e ON e.user_id = u.id"
                                " WHERE u.public_id = :user AND e.action_id = :action");
  query.use(user.str()).use(action.str());
  if (!row.into(query).one()) return std::optional<Receipt>{};
  return std::optional(row.of(user));
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
          " WHERE reached >= :after ORDER BY reached LIMIT :limit) AS few")
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
