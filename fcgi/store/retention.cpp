// SPDX-License-Identifier: Apache-2.0
#include "store/retention.hpp"

#include <algorithm>
#include <thread>

#include "board/periods.hpp"
#include "store/database.hpp"
#include "store/event_months.hpp"
#include "store/fault.hpp"
#include "store/migrations.hpp"
#include "store/verify_reads.hpp"

namespace scoreboard {
namespace {

using store::Connection;
using store::EventMonth;
using store::Transaction;

constexpr int events_at_once = 1000;
constexpr std::chrono::milliseconds rest_min{10};
constexpr int months_ahead = 2;

// Before anything leaves, so that verify() never misses what is gone. Never lowered: what has left
// does not come back because somebody wants to keep more from now on.
void raise_events_from(Connection& connection, Timestamp from) {
  connection
      .query("UPDATE retention SET events_from = :from WHERE id = 1 AND events_from < :before")
      .use(to_micros(from))
      .use(to_micros(from))
      .run();
}

long long count(Connection& connection, const std::string& what) {
  long long events = 0;
  connection.query("SELECT count(*) FROM " + what).into(events).one();
  return events;
}

// Up to `events_at_once` events after `after`, in the order of the journal; where they end, and how
// many of them have left. Nothing when there are no more.
struct Piece {
  long long last = 0;
  long long left = 0;
};
std::optional<Piece> remove_piece(Connection& connection, long long after, Timestamp limit) {
  Transaction transaction(connection);
  long long events = 0;
  Piece piece;
  connection
      .query(
          "SELECT count(*), coalesce(max(reached), 0) FROM (SELECT reached FROM events"
          " WHERE reached > :after ORDER BY reached LIMIT :most) AS piece")
      .use(after)
      .use(events_at_once)
      .into(events)
      .into(piece.last)
      .one();
  if (events == 0) return std::nullopt;
  piece.left = connection
                   .query(
                       "DELETE FROM events WHERE (user_id, action_id) IN (SELECT user_id, action_id"
                       " FROM events WHERE reached > :after AND reached <= :last"
                       " AND accepted_at < :limit)")
                   .use(after)
                   .use(piece.last)
                   .use(to_micros(limit))
                   .run();
  transaction.commit();
  return piece;
}

// The journal's order is that of time, unless a clock was set back. So the first piece of which
// nothing leaves is the end; what a wrong clock put behind it leaves with a later run.
RetentionReport remove_events(Connection& connection, Timestamp limit, bool dry_run) {
  RetentionReport report;
  if (dry_run) {
    report.events_from = std::max(from_micros(store::events_kept_from(connection)), limit);
    report.events =
        count(connection, "events WHERE accepted_at < " + std::to_string(to_micros(limit)));
    return report;
  }
  raise_events_from(connection, limit);
  report.events_from = from_micros(store::events_kept_from(connection));
  for (long long after = -1;;) {
    const auto begun = std::chrono::steady_clock::now();
    const auto piece = remove_piece(connection, after, limit);
    if (!piece || piece->left == 0) return report;
    report.events += piece->left;
    after = piece->last;
    // SQLite's waiting writers look again every few milliseconds; they must find it free.
    const auto took = std::chrono::steady_clock::now() - begun;
    std::this_thread::sleep_for(std::max<std::chrono::steady_clock::duration>(took, rest_min));
  }
}

void make_coming_months(Connection& connection, Timestamp now) {
  const UtcCalendar calendar;
  Period month = calendar.period(Board::month, now);
  for (int ahead = 0; ahead <= months_ahead; ++ahead) {
    store::make_event_month(connection, month.start);
    month.start = calendar.end(month);
  }
}

// Not in a transaction: between its two halves it waits for the queries that still read the month,
// and nobody waits for it.
void drop_month(Connection& connection, const EventMonth& month) {
  if (month.state == EventMonth::State::attached) {
    connection.execute("ALTER TABLE events DETACH PARTITION " + month.name + " CONCURRENTLY");
  }
  connection.execute("DROP TABLE " + month.name);
}

RetentionReport drop_months(Connection& connection, Timestamp limit, Timestamp now, bool dry_run) {
  if (!dry_run) make_coming_months(connection, now);
  RetentionReport report;
  report.events_from = from_micros(store::events_kept_from(connection));
  const std::vector<EventMonth> months = store::event_months(connection);
  for (const EventMonth& month : months) {
    // An attached month that leaves is the last moment to raise the mark for. One that was detached
    // is only ours to drop if an earlier run had raised it, which the comparison below tells.
    if (month.state != EventMonth::State::detached && month.end <= limit) {
      report.events_from = std::max(report.events_from, month.end);
    }
  }
  if (!dry_run) raise_events_from(connection, report.events_from);
  for (const EventMonth& month : months) {
    // An interrupted detach stands in the way of every other one, whatever its month.
    if (month.state == EventMonth::State::leaving && !dry_run) {
      connection.execute("ALTER TABLE events DETACH PARTITION " + month.name + " FINALIZE");
    }
    if (month.end > std::min(limit, report.events_from)) continue;
    report.months.push_back(month.name);
    report.events += count(connection, month.name);
    if (!dry_run) drop_month(connection, month);
  }
  return report;
}

Result<RetentionReport> on_postgresql(Connection& connection, const RetentionOptions& options) {
  // Held until the connection ends, whatever becomes of it.
  if (!connection.query("SELECT 1 WHERE pg_try_advisory_lock(7331002)").one()) {
    return Error{.code = ErrorCode::unavailable, .log = "another retention is at work"};
  }
  return drop_months(connection, options.now - options.keep, options.now, options.dry_run);
}

}  // namespace

Result<RetentionReport> apply_retention(const std::string& uri, const RetentionOptions& options) {
  if (options.keep < kept_at_least) {
    return Error{.code = ErrorCode::malformed, .log = "events must be kept for at least one day"};
  }
  return store::on_database(
      uri, store::Database::Use::inspect, [&](Connection& connection) -> Result<RetentionReport> {
        if (auto known = store::check_schema(connection); !known) return std::move(known).error();
        if (auto owner = store::check_owner(connection); !owner) return std::move(owner).error();
        if (&connection.engine() == &store::postgresql_engine()) {
          return on_postgresql(connection, options);
        }
        return remove_events(connection, options.now - options.keep, options.dry_run);
      });
}

}  // namespace scoreboard
