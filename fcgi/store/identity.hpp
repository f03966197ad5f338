// SPDX-License-Identifier: Apache-2.0
// Users, over one connection; contracts in store.hpp.
#pragma once

#include "store/connection.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

Result<User> add_user(Connection& connection, const NewUser& user, Timestamp now);
// Within a transaction that was begun. An empty mail address is none.
void insert_user(Connection& connection, const NewUser& user, Timestamp now);
bool is_name_taken(Connection& connection, const Username& name);

Result<std::optional<Credential>> find_credential(Connection& connection,
                                                  std::string_view name_or_email);

Result<void> replace_password_hash(Connection& connection, const UserId& user,
                                   const std::string& old_hash, const std::string& new_hash);

// Names and mail addresses are unique without regard to the case of ASCII letters.
std::string folded(std::string_view text);

}  // namespace scoreboard::store
