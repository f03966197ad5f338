// SPDX-License-Identifier: Apache-2.0
// Users whom other issuers know, over one connection; contract in store.hpp.
#pragma once

#include "store/connection.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

// already_exists when another one of its kind came between: ask again.
Result<User> user_of_identity(Connection& connection, const Identity& identity, Timestamp now);

}  // namespace scoreboard::store
