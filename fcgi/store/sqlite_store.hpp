// SPDX-License-Identifier: Apache-2.0
// The store on SQLite: one writer, some readers, WAL with synchronous=FULL (a COMMIT that was
// answered survives a power cut). The work is in identity.cpp, sessions.cpp, award_batch.cpp and
// reads.cpp as functions over a Connection.
#pragma once

#include <string>

#include "store/pool.hpp"
#include "store/store.hpp"

namespace scoreboard::store {

class SqliteStore final : public Store {
 public:
  SqliteStore(const std::string& file, int readers);

  Result<User> add_user(const NewUser& user, Timestamp now) override;
  Result<std::optional<Credential>> find_credential(std::string_view name_or_email) override;
  Result<void> add_session(const NewSession& session, Timestamp now) override;
  Result<std::optional<LiveSession>> find_session(const SessionId& id, Timestamp now) override;
  Result<std::optional<LiveSession>> rotate_refresh(std::string_view presented_hash,
                                                    std::string_view successor_hash,
                                                    Timestamp now) override;
  Result<void> end_session(const SessionId& id, Timestamp now) override;
  Result<std::vector<AwardOutcome>> commit(std::span<const Award> batch, const AwardRules& rules,
                                           Timestamp now) override;
  Result<BoardView> top(int limit) override;
  Result<std::optional<Standing>> standing(const UserId& user) override;
  Result<JournalHead> journal_head() override;
  Result<std::vector<Change>> changes_after(JournalSeq seq, int limit) override;

 private:
  Pool writer_;
  Pool readers_;
};

}  // namespace scoreboard::store
