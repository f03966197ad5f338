// SPDX-License-Identifier: Apache-2.0
#include "store/login_attempts.hpp"

#include <algorithm>
#include <string>

#include "board/decide.hpp"

namespace scoreboard::store {
namespace {

using std::chrono::seconds;

struct Row {
  std::string key;
  long long failures = 0;
  long long last_at = 0;
  long long expires_at = 0;
};

std::optional<Row> find_row(Connection& connection, const std::string& key, Timestamp now,
                            const std::string& lock = "") {
  Row row{.key = key};
  const bool found = connection
                         .query(
                             "SELECT a.failures, a.last_at, a.expires_at FROM login_attempts a"
                             " WHERE a.key = :key AND a.expires_at > :now" +
                             lock)
                         .use(key)
                         .use(to_micros(now))
                         .into(row.failures)
                         .into(row.last_at)
                         .into(row.expires_at)
                         .one();
  if (!found) return std::nullopt;
  return row;
}

bool is_forgotten(const Row& row, const LoginRules& rules, Timestamp now) {
  return now - from_micros(row.last_at) >= rules.window;
}

seconds wait_of(const Row& row, const LoginRules& rules, Timestamp now) {
  if (row.failures < rules.failures || is_forgotten(row, rules, now)) return seconds{0};
  // The clock was set back, and nobody shall be locked out until it has caught up.
  if (from_micros(row.last_at) > now + clock_skew_max) return seconds{0};
  const auto doublings = std::min<long long>(row.failures - rules.failures, 20);
  const seconds wait = std::min(rules.wait_max, seconds{1LL << doublings});
  const Timestamp until = from_micros(row.last_at) + wait;
  return until > now ? std::chrono::ceil<seconds>(until - now) : seconds{0};
}

// The row that judges this attempt, locked until the transaction ends.
Row locked_row(Connection& connection, const LoginAttempt& attempt, const LoginRules& rules,
               Timestamp now) {
  const std::string lock = connection.engine().lock_rows("a");
  if (auto known = find_row(connection, attempt.place, now, lock)) return *known;
  // There before it is locked: of many first attempts at once each waits for the one before.
  connection
      .query(
          "INSERT INTO login_attempts (key, failures, last_at, expires_at)"
          " VALUES (:key, 0, :last_at, :expires_at) ON CONFLICT (key) DO NOTHING")
      .use(attempt.account)
      .use(to_micros(now))
      .use(to_micros(now + rules.window))
      .run();
  if (auto account = find_row(connection, attempt.account, now, lock)) return *account;
  return {.key = attempt.account};  // expired: as good as none
}

void delete_some_expired(Connection& connection, Timestamp now) {
  std::string lock = connection.engine().lock_rows("a");
  if (!lock.empty()) lock += " SKIP LOCKED";  // somebody may be trying that account just now
  connection
      .query(
          "DELETE FROM login_attempts WHERE key IN (SELECT a.key FROM login_attempts a"
          " WHERE a.expires_at <= :now ORDER BY a.expires_at LIMIT 4" +
          lock + ")")
      .use(to_micros(now))
      .run();
}

}  // namespace

Result<seconds> login_wait(Connection& connection, const LoginAttempt& attempt,
                           const LoginRules& rules, Timestamp now) {
  auto row = find_row(connection, attempt.place, now);
  if (!row) row = find_row(connection, attempt.account, now);
  return row ? wait_of(*row, rules, now) : seconds{0};
}

Result<seconds> begin_login(Connection& connection, const LoginAttempt& attempt,
                            const LoginRules& rules, Timestamp now) {
  Transaction transaction(connection);
  const Row row = locked_row(connection, attempt, rules, now);
  if (const seconds wait = wait_of(row, rules, now); wait.count() > 0) return wait;
  // A known place is known for as long as before, and not for longer by failing.
  const bool known_place = row.key == attempt.place;
  connection
      .query(
          "UPDATE login_attempts SET failures = :failures, last_at = :last_at,"
          " expires_at = :expires_at WHERE key = :key")
      .use(is_forgotten(row, rules, now) ? 1 : row.failures + 1)
      .use(to_micros(now))
      .use(known_place ? row.expires_at : to_micros(now + rules.window))
      .use(row.key)
      .run();
  delete_some_expired(connection, now);
  transaction.commit();
  return seconds{0};
}

Result<void> withdraw_login(Connection& connection, const LoginAttempt& attempt, Timestamp now) {
  Transaction transaction(connection);
  const bool known = find_row(connection, attempt.place, now).has_value();
  connection
      .query("UPDATE login_attempts SET failures = failures - 1 WHERE key = :key AND failures > 0")
      .use(known ? attempt.place : attempt.account)
      .run();
  transaction.commit();
  return {};
}

void login_succeeded(Connection& connection, const LoginAttempt& attempt, Timestamp now) {
  const bool known = find_row(connection, attempt.place, now).has_value();
  connection
      .query(
          "INSERT INTO login_attempts (key, failures, last_at, expires_at)"
          " VALUES (:key, 0, :last_at, :expires_at) ON CONFLICT (key) DO UPDATE SET failures = 0,"
          " last_at = excluded.last_at, expires_at = excluded.expires_at")
      .use(attempt.place)
      .use(to_micros(now))
      .use(to_micros(now + LoginRules{}.place_known))
      .run();
  // What counted against this attempt was the account from everywhere.
  if (known) return;
  connection.query("UPDATE login_attempts SET failures = 0 WHERE key = :key")
      .use(attempt.account)
      .run();
}

}  // namespace scoreboard::store
