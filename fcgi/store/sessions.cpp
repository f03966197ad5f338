// SPDX-License-Identifier: Apache-2.0
#include "store/sessions.hpp"

namespace scoreboard::store {
namespace {

void add_refresh_token(Connection& connection, std::string_view hash, const std::string& session,
                       Timestamp now) {
  connection
      .query(
          "INSERT INTO refresh_tokens (hash, session_id, issued_at)"
          " VALUES (:hash, :session, :issued_at)")
      .use(hash)
      .use(session)
      .use(to_micros(now))
      .run();
}

void mark_ended(Connection& connection, const std::string& session, Timestamp now) {
  connection.query("UPDATE sessions SET ended_at = :now WHERE id = :id AND ended_at IS NULL")
      .use(to_micros(now))
      .use(session)
      .run();
}

}  // namespace

Result<void> add_session(Connection& connection, const NewSession& session, Timestamp now) {
  Transaction transaction(connection);
  const long long added =
      connection
          .query(
              "INSERT INTO sessions (id, user_id, created_at, expires_at)"
              " SELECT :id, id, :created_at, :expires_at FROM users WHERE public_id = :user")
          .use(session.id.str())
          .use(to_micros(now))
          .use(to_micros(session.expires_at))
          .use(session.user.str())
          .run();
  if (added != 1) return Error{.code = ErrorCode::internal, .log = "a session of an unknown user"};
  add_refresh_token(connection, session.refresh_hash, session.id.str(), now);
  transaction.commit();
  return {};
}

Result<std::optional<LiveSession>> find_session(Connection& connection, const SessionId& id,
                                                Timestamp now) {
  std::string user;
  std::string username;
  std::string display_name;
  long long expires_at = 0;
  const bool found = connection
                         .query(
                             "SELECT u.public_id, u.username, u.display_name, s.expires_at"
                             " FROM sessions s JOIN users u ON u.id = s.user_id"
                             " WHERE s.id = :id AND s.ended_at IS NULL AND s.expires_at > :now")
                         .use(id.str())
                         .use(to_micros(now))
                         .into(user)
                         .into(username)
                         .into(display_name)
                         .into(expires_at)
                         .one();
  if (!found) return std::optional<LiveSession>{};
  return std::optional(
      LiveSession{id, {UserId{user}, Username{username}, display_name}, from_micros(expires_at)});
}

Result<std::optional<LiveSession>> rotate_refresh(Connection& connection, const RefreshUse& use,
                                                  Timestamp now) {
  Transaction transaction(connection);
  std::string session;
  std::string used_by;
  long long used_at = 0;
  const bool known =
      connection
          .query(
              "SELECT t.session_id, coalesce(t.used_at, 0), t.used_by FROM refresh_tokens t"
              " WHERE t.hash = :hash" +
              connection.engine().lock_rows("t"))
          .use(use.presented_hash)
          .into(session)
          .into(used_at)
          .into(used_by)
          .one();
  if (!known) return std::optional<LiveSession>{};
  const bool sent_again = !use.request.empty() && used_by == use.request.str();
  if (used_at != 0 && !sent_again) {
    mark_ended(connection, session, now);
    transaction.commit();
    return std::optional<LiveSession>{};
  }
  auto live = find_session(connection, SessionId{session}, now);
  if (!live || !*live) return live;
  connection
      .query("UPDATE refresh_tokens SET used_at = :now, used_by = :request WHERE hash = :hash")
      .use(to_micros(now))
      .use(use.request.str())
      .use(use.presented_hash)
      .run();
  add_refresh_token(connection, use.successor_hash, session, now);
  transaction.commit();
  return live;
}

Result<void> end_session(Connection& connection, const SessionId& id, Timestamp now) {
  Transaction transaction(connection);
  mark_ended(connection, id.str(), now);
  transaction.commit();
  return {};
}

}  // namespace scoreboard::store
