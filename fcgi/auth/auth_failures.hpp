// SPDX-License-Identifier: Apache-2.0
// How often authentication failed, by kind, and who repeats it: the counters are for a metrics
// endpoint, repetition is a security event. Values in, values out; api/security_event.cpp writes
// the line.
//
// Repetition is counted for the masked address and, if a verified token told it, for the user: ten
// failures of one kind within a minute make an event (a refresh token that was reused makes one at
// once). While they go on there is one more event a window, with the number since the last, so that
// a flood writes a line a minute. Minutes follow one another from the first failure on; nine at
// the end of one and nine at the beginning of the next stay unmentioned.
//
// Memory is bounded: of the addresses and users that fail, the 4096 latest are known, about 1 MB.
// Who fails from thousands of networks at once can push others out, and is seen in the totals.
// Each worker counts for itself.
//
// Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "outcome/auth_failure.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard::auth {

// "bad_signature": the label of a counter, the kind of an event.
std::string_view name_of(AuthFailure kind);

struct SecurityEvent {
  enum class By { address, user };  // whose failures were counted
  AuthFailure kind;
  By by;
  std::int64_t count;  // since the first, or since the last event of the same
};

class AuthFailures {
 public:
  struct Options {
    std::int64_t repeated = 10;  // failures within ...
    std::chrono::seconds window{60};
    std::size_t known_max = 4096;  // addresses and users, for each kind apart
  };

  AuthFailures() : AuthFailures(Options{}) {}
  explicit AuthFailures(Options options) : options_(options) {}

  const Options& options() const { return options_; }

  // One more. `user` is empty unless a verified token told it. An event if this one makes it
  // repetition; of both, the user's.
  std::optional<SecurityEvent> add(AuthFailure kind, const std::string& masked_address,
                                   const std::string& user, Timestamp now);

  // Since this process began; never falling.
  std::int64_t failures(AuthFailure kind) const;
  std::int64_t events(AuthFailure kind) const;

 private:
  using Totals = std::array<std::atomic<std::int64_t>, auth_failure_kinds>;
  struct Repeater {
    std::string key;
    Timestamp began;         // of the window that is being counted
    Timestamp last;          // failure
    std::int64_t count = 0;  // in this window
    bool told = false;       // there was an event, and it goes on
  };

  // The number to tell, or 0. The caller holds mutex_.
  std::int64_t repeat(AuthFailure kind, const std::string& key, Timestamp now);
  Repeater& repeater(const std::string& key, Timestamp now);

  const Options options_;
  Totals failures_{};
  Totals events_{};
  std::mutex mutex_;               // guards the two below
  std::list<Repeater> repeaters_;  // the latest first
  std::unordered_map<std::string, std::list<Repeater>::iterator> by_key_;
};

}  // namespace scoreboard::auth
