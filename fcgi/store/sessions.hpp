// SPDX-License-Identifier: Apache-2.0
// Sessions and refresh tokens, over one connection; contracts in store.hpp.
#pragma once

#include "store/connection.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

Result<void> add_session(Connection& connection, const NewSession& session, Timestamp now);
Result<std::optional<LiveSession>> find_session(Connection& connection, const SessionId& id,
                                                Timestamp now);
Result<RefreshOutcome> rotate_refresh(Connection& connection, const RefreshUse& use, Timestamp now);
Result<void> end_session(Connection& connection, const SessionId& id, Timestamp now);
Result<std::vector<EndedSession>> sessions_ended_since(Connection& connection, Timestamp since);

}  // namespace scoreboard::store
