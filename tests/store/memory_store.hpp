// SPDX-License-Identifier: Apache-2.0
// The reference: a store in memory that is plainly right. Everything is kept in the order in which
// it happened and every question is answered by looking at all of it. It shares no decision with
// the product; where the two differ, one of them is wrong.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "store/store.hpp"

namespace scoreboard::tests {

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(Timestamp made_at) : made_at_(made_at) {}

  Result<User> add_user(const NewUser& added, Timestamp now) override;
  Result<User> user_of_identity(const Identity& identity, Timestamp now) override;
  Result<std::optional<Credential>> find_credential(std::string_view name_or_email) override;
  Result<void> replace_password_hash(const UserId& id, const std::string& old_hash,
                                     const std::string& new_hash) override;
  Result<std::chrono::seconds> begin_login(const LoginAttempt& attempt, const LoginRules& rules,
                                           Timestamp now) override;
  Result<void> withdraw_login(const LoginAttempt& attempt, Timestamp now) override;
  Result<void> add_session(const NewSession& added, Timestamp now) override;
  Result<std::optional<LiveSession>> find_session(const SessionId& id, Timestamp now) override;
  Result<RefreshOutcome> rotate_refresh(const RefreshUse& use, Timestamp now) override;
  Result<void> end_session(const SessionId& id, Timestamp now) override;
  Result<std::vector<EndedSession>> sessions_ended_since(Timestamp since) override;
  Result<std::vector<AwardOutcome>> commit(std::span<const Award> batch, const AwardRules& rules,
                                           Timestamp now) override;
  using Store::standing;
  using Store::top;
  Result<BoardView> top(Period period, int limit) override;
  Result<std::optional<Standing>> standing(Period period, const UserId& id) override;
  Result<std::vector<Standing>> around(Period period, const UserId& id, int each_side) override;
  Result<std::vector<Standing>> page(Period period, std::optional<BoardCursor> after,
                                     int limit) override;
  Result<std::optional<Receipt>> receipt(const UserId& user, const ActionId& action) override;
  Result<JournalHead> journal_head() override;
  Result<JournalSeq> follow() override;
  Result<std::vector<Change>> changes_after(JournalSeq seq, int limit) override;

 private:
  struct Session {
    NewSession session;
    std::optional<Timestamp> ended_at = {};
  };
  struct RefreshToken {
    std::string hash;
    SessionId session;
    std::optional<Timestamp> used_at = {};
    std::string successor = {};
  };
  struct Failures {
    int count = 0;
    Timestamp last_at = {};
  };
  struct Event {
    Award award;
    Receipt receipt;
    std::vector<Period> periods;  // in which it counted
  };
  struct Entry {
    Timestamp committed_at;
    std::vector<Standing> top;
    bool top_changed = false;
  };

  const NewUser* user(const UserId& id) const;
  Failures& failures_of(const LoginAttempt& attempt, Timestamp now);
  Session* session(const SessionId& id);
  RefreshToken* refresh_token(const std::string& hash);
  std::optional<LiveSession> live(const SessionId& id, Timestamp now);
  std::vector<Standing> standings(Period period = {}) const;
  std::optional<Standing> own(Period period, const UserId& id) const;
  std::vector<Timestamp> leaving(const UserId& id, const AwardRules& rules, Timestamp now) const;
  std::optional<Allowance> allowance(const UserId& id, const AwardRules& rules,
                                     Timestamp now) const;
  AwardOutcome award(const Award& award, const AwardRules& rules, Timestamp now);

  std::mutex mutex_;
  Timestamp made_at_;
  std::vector<NewUser> users_;
  std::vector<Identity> identities_;              // `newcomer` is the user
  std::map<std::string, Failures> failures_;      // by account
  std::map<std::string, Failures> known_places_;  // by place
  std::map<std::string, Timestamp> known_until_;  // by place
  std::vector<Session> sessions_;
  std::vector<RefreshToken> refresh_tokens_;
  std::vector<Event> events_;
  std::vector<Entry> entries_;
  int position_ = 0;
};

}  // namespace scoreboard::tests
