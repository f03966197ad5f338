// SPDX-License-Identifier: Apache-2.0
#include "store/identity.hpp"

#include "crypto/random.hpp"

namespace scoreboard::store {
namespace {

Error taken(const char* field) {
  return {.code = ErrorCode::already_exists,
          .log = std::string(field) + " is taken",
          .field = field,
          .reason = "is taken"};
}

// The user whom this very request has made already: Nginx sent it again because a worker died.
std::optional<User> made_by_request(Connection& connection, const NewUser& user,
                                    const std::string& username_key, const std::string& email_key) {
  if (user.request.empty()) return std::nullopt;
  std::string id;
  const bool found = connection
                         .query(
                             "SELECT public_id FROM users WHERE username_key = :name"
                             " AND email_key = :email AND request_id = :request")
                         .use(username_key)
                         .use(email_key)
                         .use(user.request.str())
                         .into(id)
                         .one();
  if (!found) return std::nullopt;
  return User{UserId{id}, user.username, user.display_name};
}

}  // namespace

std::string folded(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool is_name_taken(Connection& connection, const Username& name) {
  return connection.query("SELECT 1 FROM users WHERE username_key = :name")
      .use(folded(name.str()))
      .one();
}

void insert_user(Connection& connection, const NewUser& user, Timestamp now) {
  connection
      .query(
          "INSERT INTO users (public_id, reference, username, username_key, email, email_key,"
          " display_name, password_hash, request_id, created_at) VALUES (:public_id, :reference,"
          " :username, :username_key, :email, nullif(:email_key, ''), :display_name, "
          ":password_hash,"
          " :request_id, :created_at)")
      .use(user.id.str())
      .use(crypto::random_hex(16))
      .use(user.username.str())
      .use(folded(user.username.str()))
      .use(user.email)
      .use(folded(user.email))
      .use(user.display_name)
      .use(user.password_hash)
      .use(user.request.str())
      .use(to_micros(now))
      .run();
  connection
      .query("INSERT INTO players (user_id) SELECT id FROM users WHERE public_id = :public_id")
      .use(user.id.str())
      .run();
}

Result<User> add_user(Connection& connection, const NewUser& user, Timestamp now) {
  const std::string username_key = folded(user.username.str());
  const std::string email_key = folded(user.email);
  Transaction transaction(connection);
  // Asked one by one, so that the answer can name the field; the unique keys stand behind it.
  const char* field = nullptr;
  if (is_name_taken(connection, user.username)) {
    field = "username";
  } else if (connection.query("SELECT 1 FROM users WHERE email_key = :email")
                 .use(email_key)
                 .one()) {
    field = "email";
  }
  if (field != nullptr) {
    // Asked after that: it may have been this very request, a moment ago.
    if (auto made = made_by_request(connection, user, username_key, email_key)) return *made;
    return taken(field);
  }
  insert_user(connection, user, now);
  transaction.commit();
  return User{user.id, user.username, user.display_name};
}

Result<std::optional<Credential>> find_credential(Connection& connection,
                                                  std::string_view name_or_email) {
  const std::string key = folded(name_or_email);
  std::string id;
  std::string username;
  std::string display_name;
  std::string password_hash;
  // A user name holds no '@' and a mail address does, so at most one row fits.
  const bool found = connection
                         .query(
                             "SELECT public_id, username, display_name, password_hash FROM users"
                             " WHERE username_key = :name OR email_key = :email")
                         .use(key)
                         .use(key)
                         .into(id)
                         .into(username)
                         .into(display_name)
                         .into(password_hash)
                         .one();
  if (!found) return std::optional<Credential>{};
  return std::optional(Credential{{UserId{id}, Username{username}, display_name}, password_hash});
}

Result<void> replace_password_hash(Connection& connection, const UserId& user,
                                   const std::string& old_hash, const std::string& new_hash) {
  Transaction transaction(connection);
  connection
      .query(
          "UPDATE users SET password_hash = :new_hash"
          " WHERE public_id = :id AND password_hash = :old_hash")
      .use(new_hash)
      .use(user.str())
      .use(old_hash)
      .run();
  transaction.commit();
  return {};
}

}  // namespace scoreboard::store
