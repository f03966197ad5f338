// SPDX-License-Identifier: Apache-2.0
#include "store/sessions.hpp"

#include "store/login_attempts.hpp"

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

struct RefreshToken {
  std::string session;
  long long used_at = 0;  // 0: not yet
  std::string successor;
};

// Locked until the transaction ends: of many uses at once one is the first.
std::optional<RefreshToken> locked_token(Connection& connection, const std::string& hash) {
  RefreshToken token;
  const bool known = connection
                         .query(
                             "SELECT t.session_id, coalesce(t.used_at, 0), t.successor"
                             " FROM refresh_tokens t WHERE t.hash = :hash" +
                             connection.engine().lock_rows("t"))
                         .use(hash)
                         .into(token.session)
                         .into(token.used_at)
                         .into(token.successor)
                         .one();
  if (!known) return std::nullopt;
  return token;
}

bool is_unused(Connection& connection, const std::string& hash) {
  return connection.query("SELECT 1 FROM refresh_tokens WHERE hash = :hash AND used_at IS NULL")
      .use(hash)
      .one();
}

void mark_used(Connection& connection, const RefreshUse& use, Timestamp now) {
  connection
      .query("UPDATE refresh_tokens SET used_at = :now, successor = :successor WHERE hash = :hash")
      .use(to_micros(now))
      .use(use.successor_hash)
      .use(use.presented_hash)
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
  if (session.login) login_succeeded(connection, *session.login, now);
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

Result<RefreshOutcome> rotate_refresh(Connection& connection, const RefreshUse& use,
                                      Timestamp now) {
  Transaction transaction(connection);
  const auto token = locked_token(connection, use.presented_hash);
  if (!token) return RefreshOutcome{};
  if (use.session && use.session->str() != token->session) return RefreshOutcome{};
  auto live = find_session(connection, SessionId{token->session}, now);
  if (!live) return std::move(live).error();
  if (!*live) return RefreshOutcome{};
  if (token->used_at == 0) {
    mark_used(connection, use, now);
    add_refresh_token(connection, use.successor_hash, token->session, now);
    transaction.commit();
    return RefreshOutcome{RefreshVerdict::rotated, **std::move(live), use.successor_hash};
  }
  if (now - from_micros(token->used_at) <= refresh_grace &&
      is_unused(connection, token->successor)) {
    return RefreshOutcome{RefreshVerdict::repeated, **std::move(live), token->successor};
  }
  mark_ended(connection, token->session, now);
  transaction.commit();
  return RefreshOutcome{RefreshVerdict::reused, **std::move(live), {}};
}

Result<void> end_session(Connection& connection, const SessionId& id, Timestamp now) {
  Transaction transaction(connection);
  mark_ended(connection, id.str(), now);
  transaction.commit();
  return {};
}

Result<std::vector<EndedSession>> sessions_ended_since(Connection& connection, Timestamp since) {
  std::vector<EndedSession> ended;
  std::string id;
  std::string user;
  connection
      .query(
          "SELECT s.id, u.public_id FROM sessions s JOIN users u ON u.id = s.user_id"
          " WHERE s.ended_at > :since ORDER BY s.ended_at DESC LIMIT 10000")
      .use(to_micros(since))
      .into(id)
      .into(user)
      .each([&] {
        ended.push_back({SessionId{id}, UserId{user}});
      });
  return ended;
}

}  // namespace scoreboard::store
