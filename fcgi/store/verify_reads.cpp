// SPDX-License-Identifier: Apache-2.0
#include "store/verify_reads.hpp"

namespace scoreboard::store {
namespace {

constexpr int rows_at_once = 5000;

}  // namespace

void each_journal_row(Connection& connection, const std::function<void(const JournalRow&)>& row) {
  long long last = -1;
  for (bool more = true; more;) {
    more = false;
    std::deque<JournalRow> rows;
    JournalRow one;
    connection
        .query(
            "SELECT seq, committed_at, changes, coalesce(top, ''), previous_hash, hash"
            " FROM journal WHERE seq > :after ORDER BY seq LIMIT :most")
        .use(last)
        .use(rows_at_once / 10)
        .into(one.seq)
        .into(one.committed_at)
        .into(one.changes)
        .into(one.top)
        .into(one.previous_hash)
        .into(one.hash)
        .each([&] { rows.push_back(one); });
    for (const JournalRow& entry : rows) {
      row(entry);
      last = entry.seq;
      more = true;
    }
  }
}

const EventRow* EventStream::front() {
  if (rows_.empty() && !ended_) {
    EventRow one;
    connection_
        .query(
            "SELECT coalesce(u.public_id, ''), coalesce(u.reference, ''), e.action_id, e.number,"
            " e.points, e.previous_score, e.current_score, e.rank, e.periods, e.reached,"
            " e.accepted_at FROM events e LEFT JOIN users u ON u.id = e.user_id"
            " WHERE e.reached > :after ORDER BY e.reached LIMIT :most")
        .use(last_)
        .use(rows_at_once)
        .into(one.public_id)
        .into(one.reference)
        .into(one.action_id)
        .into(one.number)
        .into(one.points)
        .into(one.previous)
        .into(one.current)
        .into(one.rank)
        .into(one.periods)
        .into(one.reached)
        .into(one.accepted_at)
        .each([&] { rows_.push_back(one); });
    ended_ = rows_.empty();
    if (!ended_) last_ = rows_.back().reached;
  }
  return rows_.empty() ? nullptr : &rows_.front();
}

void each_score(Connection& connection, const std::function<void(const ScoreRow&)>& row) {
  ScoreRow last{.board = -1, .start = -1, .user = -1, .reference = {}};
  for (bool more = true; more;) {
    more = false;
    std::deque<ScoreRow> rows;
    ScoreRow one;
    connection
        .query(
            "SELECT s.board_id, s.period_start, s.user_id, coalesce(u.reference, ''), s.score,"
            " s.reached FROM scores s LEFT JOIN users u ON u.id = s.user_id"
            " WHERE (s.board_id, s.period_start, s.user_id) > (:board, :start, :user)"
            " ORDER BY s.board_id, s.period_start, s.user_id LIMIT :most")
        .use(last.board)
        .use(last.start)
        .use(last.user)
        .use(rows_at_once)
        .into(one.board)
        .into(one.start)
        .into(one.user)
        .into(one.reference)
        .into(one.score)
        .into(one.reached)
        .each([&] { rows.push_back(one); });
    for (const ScoreRow& score : rows) {
      row(score);
      last = score;
      more = true;
    }
  }
}

void each_player(Connection& connection, const std::function<void(const PlayerNumber&)>& row) {
  long long last = -1;
  for (bool more = true; more;) {
    more = false;
    std::deque<PlayerNumber> rows;
    PlayerNumber one;
    connection
        .query(
            "SELECT u.id, u.public_id, u.reference, coalesce(p.event_number, -1) FROM users u"
            " LEFT JOIN players p ON p.user_id = u.id WHERE u.id > :after ORDER BY u.id"
            " LIMIT :most")
        .use(last)
        .use(rows_at_once)
        .into(one.user)
        .into(one.public_id)
        .into(one.reference)
        .into(one.event_number)
        .each([&] { rows.push_back(one); });
    for (const PlayerNumber& player : rows) {
      row(player);
      last = player.user;
      more = true;
    }
  }
}

long long events_kept_from(Connection& connection) {
  long long from = 0;
  connection.query("SELECT events_from FROM retention WHERE id = 1").into(from).one();
  return from;
}

}  // namespace scoreboard::store
