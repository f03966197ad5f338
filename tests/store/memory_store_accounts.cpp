// SPDX-License-Identifier: Apache-2.0
// The reference's users, logins and sessions.
#include <algorithm>
#include <cctype>

#include "board/decide.hpp"
#include "store/memory_store.hpp"

namespace scoreboard::tests {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

Error taken(const char* field) {
  return {.code = ErrorCode::already_exists, .log = "taken", .field = field, .reason = "is taken"};
}

User public_part(const NewUser& user) {
  return {user.id, user.username, user.display_name};
}

}  // namespace

const NewUser* MemoryStore::user(const UserId& id) const {
  for (const NewUser& one : users_) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

MemoryStore::Session* MemoryStore::session(const SessionId& id) {
  for (Session& one : sessions_) {
    if (one.session.id == id) return &one;
  }
  return nullptr;
}

std::optional<LiveSession> MemoryStore::live(const SessionId& id, Timestamp now) {
  const Session* found = session(id);
  if (!found || found->ended_at || found->session.expires_at <= now) return std::nullopt;
  return LiveSession{id, public_part(*user(found->session.user)), found->session.expires_at};
}

Result<User> MemoryStore::add_user(const NewUser& added, Timestamp) {
  const std::lock_guard lock(mutex_);
  for (const NewUser& one : users_) {
    const bool same = same_name(one.username.str(), added.username.str()) &&
                      same_name(one.email, added.email) && one.request == added.request;
    if (same && !added.request.empty()) return public_part(one);
  }
  for (const NewUser& one : users_) {
    if (same_name(one.username.str(), added.username.str())) return taken("username");
  }
  for (const NewUser& one : users_) {
    if (!one.email.empty() && same_name(one.email, added.email)) return taken("email");
  }
  users_.push_back(added);
  return public_part(added);
}

Result<User> MemoryStore::user_of_identity(const Identity& identity, Timestamp) {
  const std::lock_guard lock(mutex_);
  for (const Identity& one : identities_) {
    if (one.issuer == identity.issuer && one.subject == identity.subject) {
      return public_part(*user(one.newcomer));
    }
  }
  Username name = identity.wished.empty() ? identity.otherwise : identity.wished;
  for (const NewUser& one : users_) {
    if (same_name(one.username.str(), name.str())) name = identity.otherwise;
  }
  identities_.push_back(identity);
  users_.push_back({.id = identity.newcomer,
                    .username = name,
                    .email = "",
                    .display_name = name.str(),
                    .password_hash = ""});
  return public_part(users_.back());
}

Result<std::optional<Credential>> MemoryStore::find_credential(std::string_view name_or_email) {
  const std::lock_guard lock(mutex_);
  for (const NewUser& one : users_) {
    const bool by_mail = !one.email.empty() && same_name(one.email, name_or_email);
    if (same_name(one.username.str(), name_or_email) || by_mail) {
      return std::optional(Credential{public_part(one), one.password_hash});
    }
  }
  return std::optional<Credential>{};
}

Result<void> MemoryStore::replace_password_hash(const UserId& id, const std::string& old_hash,
                                                const std::string& new_hash) {
  const std::lock_guard lock(mutex_);
  for (NewUser& one : users_) {
    if (one.id == id && one.password_hash == old_hash) one.password_hash = new_hash;
  }
  return {};
}

MemoryStore::Failures& MemoryStore::failures_of(const LoginAttempt& attempt, Timestamp now) {
  const auto known = known_until_.find(attempt.place);
  if (known != known_until_.end() && known->second > now) return known_places_[attempt.place];
  return failures_[attempt.account];
}

Result<std::chrono::seconds> MemoryStore::begin_login(const LoginAttempt& attempt,
                                                      const LoginRules& rules, Timestamp now) {
  const std::lock_guard lock(mutex_);
  Failures& failures = failures_of(attempt, now);
  if (now - failures.last_at >= rules.window) failures.count = 0;
  if (failures.count >= rules.failures && failures.last_at <= now + clock_skew_max) {
    std::chrono::seconds wait{1};
    for (int i = rules.failures; i < failures.count && wait < rules.wait_max; ++i) wait *= 2;
    const Timestamp until = failures.last_at + std::min(wait, rules.wait_max);
    if (until > now) return std::chrono::ceil<std::chrono::seconds>(until - now);
  }
  failures = {failures.count + 1, now};
  return std::chrono::seconds{0};
}

Result<void> MemoryStore::withdraw_login(const LoginAttempt& attempt, Timestamp now) {
  const std::lock_guard lock(mutex_);
  --failures_of(attempt, now).count;
  return {};
}

Result<void> MemoryStore::add_session(const NewSession& added, Timestamp now) {
  const std::lock_guard lock(mutex_);
  if (!user(added.user)) return Error{.code = ErrorCode::internal, .log = "unknown user"};
  sessions_.push_back({.session = added});
  refresh_tokens_.push_back({.hash = added.refresh_hash, .session = added.id});
  if (added.login) {
    failures_of(*added.login, now).count = 0;
    known_places_[added.login->place] = {0, now};
    known_until_[added.login->place] = now + LoginRules{}.place_known;
  }
  return {};
}

Result<std::optional<LiveSession>> MemoryStore::find_session(const SessionId& id, Timestamp now) {
  const std::lock_guard lock(mutex_);
  return live(id, now);
}

MemoryStore::RefreshToken* MemoryStore::refresh_token(const std::string& hash) {
  for (RefreshToken& one : refresh_tokens_) {
    if (one.hash == hash) return &one;
  }
  return nullptr;
}

Result<RefreshOutcome> MemoryStore::rotate_refresh(const RefreshUse& use, Timestamp now) {
  const std::lock_guard lock(mutex_);
  RefreshToken* token = refresh_token(use.presented_hash);
  const auto found = token ? live(token->session, now) : std::nullopt;
  if (!found || (use.session && *use.session != found->id)) return RefreshOutcome{};
  if (!token->used_at) {
    token->used_at = now;
    token->successor = use.successor_hash;
    refresh_tokens_.push_back({.hash = use.successor_hash, .session = found->id});
    return RefreshOutcome{RefreshVerdict::rotated, *found, use.successor_hash};
  }
  if (now <= *token->used_at + refresh_grace && !refresh_token(token->successor)->used_at) {
    return RefreshOutcome{RefreshVerdict::repeated, *found, token->successor};
  }
  session(found->id)->ended_at = now;
  return RefreshOutcome{RefreshVerdict::reused, *found, {}};
}

Result<void> MemoryStore::end_session(const SessionId& id, Timestamp now) {
  const std::lock_guard lock(mutex_);
  Session* found = session(id);
  if (found && !found->ended_at) found->ended_at = now;
  return {};
}

Result<std::vector<EndedSession>> MemoryStore::sessions_ended_since(Timestamp since) {
  const std::lock_guard lock(mutex_);
  std::vector<Session> ended;
  for (const Session& one : sessions_) {
    if (one.ended_at && *one.ended_at > since) ended.push_back(one);
  }
  std::sort(ended.begin(), ended.end(),
            [](const Session& a, const Session& b) { return *a.ended_at > *b.ended_at; });
  std::vector<EndedSession> answer;
  for (const Session& one : ended) answer.push_back({one.session.id, one.session.user});
  return answer;
}

}  // namespace scoreboard::tests
