// SPDX-License-Identifier: Apache-2.0
#include "auth/auth_failures.hpp"

namespace scoreboard::auth {
namespace {

std::size_t index(AuthFailure kind) {
  return static_cast<std::size_t>(kind);
}

}  // namespace

std::string_view name_of(AuthFailure kind) {
  switch (kind) {
    case AuthFailure::bad_token:
      return "bad_token";
    case AuthFailure::expired_token:
      return "expired_token";
    case AuthFailure::bad_signature:
      return "bad_signature";
    case AuthFailure::foreign_user:
      return "foreign_user";
    case AuthFailure::wrong_password:
      return "wrong_password";
    case AuthFailure::throttled_login:
      return "throttled_login";
    case AuthFailure::refresh_reused:
      return "refresh_reused";
    case AuthFailure::csrf:
      return "csrf";
  }
  return "unknown";
}

AuthFailures::Repeater& AuthFailures::repeater(const std::string& key, Timestamp now) {
  if (const auto known = by_key_.find(key); known != by_key_.end()) {
    repeaters_.splice(repeaters_.begin(), repeaters_, known->second);
    return repeaters_.front();
  }
  if (repeaters_.size() >= options_.known_max) {
    by_key_.erase(repeaters_.back().key);
    repeaters_.pop_back();
  }
  repeaters_.push_front({.key = key, .began = now, .last = now});
  by_key_[key] = repeaters_.begin();
  return repeaters_.front();
}

std::int64_t AuthFailures::repeat(AuthFailure kind, const std::string& key, Timestamp now) {
  const std::int64_t enough = kind == AuthFailure::refresh_reused ? 1 : options_.repeated;
  Repeater& one = repeater(key, now);
  const bool window_over = now - one.began >= options_.window;
  const bool quiet = now - one.last >= options_.window;
  if (quiet || (window_over && (!one.told || one.count + 1 < enough))) {
    one.began = now;
    one.count = 0;
    one.told = false;
  }
  one.last = now;
  ++one.count;
  const bool due = one.told ? now - one.began >= options_.window : one.count >= enough;
  if (!due) return 0;
  const std::int64_t told = one.count;
  one.began = now;
  one.count = 0;
  one.told = true;
  return told;
}

std::optional<SecurityEvent> AuthFailures::add(AuthFailure kind, const std::string& masked_address,
                                               const std::string& user, Timestamp now) {
  failures_[index(kind)].fetch_add(1, std::memory_order_relaxed);
  // Every client that sleeps for an hour has one: counted, but no sign of anything.
  if (kind == AuthFailure::expired_token) return std::nullopt;
  const std::string prefix(name_of(kind));
  const std::scoped_lock lock(mutex_);
  const std::int64_t of_address = repeat(kind, prefix + " from " + masked_address, now);
  const std::int64_t of_user = user.empty() ? 0 : repeat(kind, prefix + " of " + user, now);
  if (of_address == 0 && of_user == 0) return std::nullopt;
  events_[index(kind)].fetch_add(1, std::memory_order_relaxed);
  if (of_user != 0) return SecurityEvent{kind, SecurityEvent::By::user, of_user};
  return SecurityEvent{kind, SecurityEvent::By::address, of_address};
}

std::int64_t AuthFailures::failures(AuthFailure kind) const {
  return failures_[index(kind)].load(std::memory_order_relaxed);
}

std::int64_t AuthFailures::events(AuthFailure kind) const {
  return events_[index(kind)].load(std::memory_order_relaxed);
}

}  // namespace scoreboard::auth
