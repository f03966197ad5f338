// SPDX-License-Identifier: Apache-2.0
// Passwords by libxcrypt's yescrypt ("$y$"), Debian's own default. One hash takes about 25 ms of a
// core and 16 MB at cost 5, so at most `concurrency` run at once in a process, on threads of their
// own that yield to everything else (hash_threads.hpp). Four times as many wait, up to two seconds;
// whoever comes beyond them is told `unavailable` at once, so that a flood of logins never holds
// all request threads.
//
// Hashes of an older site are taken as they are: bcrypt ("$2a$", "$2b$", "$2y$", cost at most 16,
// which reads 72 bytes of a password). is_outdated() tells which ones to make anew when their
// password is at hand.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "outcome/result.hpp"

namespace scoreboard::auth {

// Thread-safe.
class Passwords {
 public:
  struct Options {
    int cost = 5;  // 1-11, yescrypt's own scale
    int concurrency = 1;
    std::chrono::milliseconds wait_max{2000};
  };
  explicit Passwords(Options options);
  ~Passwords();
  Passwords(const Passwords&) = delete;
  Passwords& operator=(const Passwords&) = delete;

  Result<std::string> hash(std::string_view password);
  // False for a wrong password. With an empty `hash` (unknown user) it takes the same time and is
  // false: the time of a yescrypt hash of this cost. A bcrypt hash takes its own time.
  Result<bool> verify(std::string_view password, const std::string& hash);
  // Whether hash() would make a stronger one: of a lower cost, or no yescrypt. Costs nothing.
  bool is_outdated(std::string_view hash) const;
  // Whether so many wait that the next one would be turned away just now.
  bool is_busy() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Registration grammar; malformed with the field. Username [A-Za-z0-9_.-]{3,50}, not starting with
// a dot or dash; mail: one '@', a dot in the domain, no spaces or controls, at most 255 bytes;
// password 8-128 characters, UTF-8, no controls, at most 511 bytes (libxcrypt's limit).
Result<void> check_username(std::string_view username);
Result<void> check_email(std::string_view email);
Result<void> check_password(std::string_view password);

}  // namespace scoreboard::auth
