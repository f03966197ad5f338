// SPDX-License-Identifier: Apache-2.0
#include "store/foreign_identity.hpp"

#include "store/identity.hpp"

namespace scoreboard::store {
namespace {

std::optional<User> known_user(Connection& connection, const Identity& identity) {
  std::string id;
  std::string username;
  std::string display_name;
  const bool found = connection
                         .query(
                             "SELECT u.public_id, u.username, u.display_name FROM identities i"
                             " JOIN users u ON u.id = i.user_id"
                             " WHERE i.issuer = :issuer AND i.subject = :subject")
                         .use(identity.issuer)
                         .use(identity.subject)
                         .into(id)
                         .into(username)
                         .into(display_name)
                         .one();
  if (!found) return std::nullopt;
  return User{UserId{id}, Username{username}, display_name};
}

}  // namespace

Result<User> user_of_identity(Connection& connection, const Identity& identity, Timestamp now) {
  // Nearly always: without a write lock.
  if (auto user = known_user(connection, identity)) return *std::move(user);
  Transaction transaction(connection);
  if (auto user = known_user(connection, identity)) return *std::move(user);
  const bool given = !identity.wished.empty() && !is_name_taken(connection, identity.wished);
  const Username& name = given ? identity.wished : identity.otherwise;
  insert_user(connection,
              {.id = identity.newcomer,
               .username = name,
               .email = "",
               .display_name = name.str(),
               .password_hash = ""},
              now);
  connection
      .query(
          "INSERT INTO identities (user_id, issuer, subject, created_at)"
          " SELECT id, :issuer, :subject, :created_at FROM users WHERE public_id = :public_id")
      .use(identity.issuer)
      .use(identity.subject)
      .use(to_micros(now))
      .use(identity.newcomer.str())
      .run();
  transaction.commit();
  return User{identity.newcomer, name, name.str()};
}

}  // namespace scoreboard::store
