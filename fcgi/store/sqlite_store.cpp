// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_store.hpp"

#include "store/award_batch.hpp"
#include "store/identity.hpp"
#include "store/reads.hpp"
#include "store/sessions.hpp"
#include "store/sqlite_connection.hpp"

namespace scoreboard::store {

SqliteStore::SqliteStore(const std::string& file, int readers)
    : writer_(1, [file] { return connect_sqlite(file); }),
      readers_(readers, [file] { return connect_sqlite(file); }) {}

Result<User> SqliteStore::add_user(const NewUser& user, Timestamp now) {
  return writer_.with([&](Connection& c) { return store::add_user(c, user, now); });
}

Result<std::optional<Credential>> SqliteStore::find_credential(std::string_view name_or_email) {
  return readers_.with([&](Connection& c) { return store::find_credential(c, name_or_email); });
}

Result<void> SqliteStore::add_session(const NewSession& session, Timestamp now) {
  return writer_.with([&](Connection& c) { return store::add_session(c, session, now); });
}

Result<std::optional<LiveSession>> SqliteStore::find_session(const SessionId& id, Timestamp now) {
  return readers_.with([&](Connection& c) { return store::find_session(c, id, now); });
}

Result<std::optional<LiveSession>> SqliteStore::rotate_refresh(std::string_view presented_hash,
                                                               std::string_view successor_hash,
                                                               Timestamp now) {
  return writer_.with(
      [&](Connection& c) { return store::rotate_refresh(c, presented_hash, successor_hash, now); });
}

Result<void> SqliteStore::end_session(const SessionId& id, Timestamp now) {
  return writer_.with([&](Connection& c) { return store::end_session(c, id, now); });
}

Result<std::vector<AwardOutcome>> SqliteStore::commit(std::span<const Award> batch,
                                                      const AwardRules& rules, Timestamp now) {
  return writer_.with([&](Connection& c) { return commit_batch(c, batch, rules, now); });
}

Result<BoardView> SqliteStore::top(int limit) {
  return readers_.with([&](Connection& c) { return read_top(c, limit); });
}

Result<std::optional<Standing>> SqliteStore::standing(const UserId& user) {
  return readers_.with([&](Connection& c) { return read_standing(c, user); });
}

Result<JournalHead> SqliteStore::journal_head() {
  return readers_.with([&](Connection& c) { return read_journal_head(c); });
}

Result<std::vector<Change>> SqliteStore::changes_after(JournalSeq seq, int limit) {
  return readers_.with([&](Connection& c) { return read_changes_after(c, seq, limit); });
}

}  // namespace scoreboard::store
