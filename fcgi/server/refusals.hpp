// SPDX-License-Identifier: Apache-2.0
// Who goes on after being refused: counts what Nginx refused each address, minute by minute, and
// says whom to block and when to let go. Knows no file and no socket. Not thread-safe.
//
// A minute here begins with the clock's own, not with an address's first refusal: what is told
// apart is a client that stops when it is told to from one that sends hundreds more.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace scoreboard::server {

class Refusals {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Options {
    int refusals_max = 100;           // in one minute; one more blocks
    std::chrono::seconds block{300};  // from that one on, whatever follows
    std::size_t addresses_max =
        65536;  // counted at once, and blocked at once; further ones are not
  };
  explicit Refusals(Options options) : options_(options) {}
  // From now on; who is blocked stays so for the time that was meant then.
  void change(Options options) { options_ = options; }

  // One more refusal. True when the address is to be blocked from now on.
  bool add(const std::string& address, Time now);
  // An address that was blocked by an earlier process: for the whole time, once more.
  void adopt(const std::string& address, Time now);
  bool blocked(const std::string& address) const { return blocked_.contains(address); }
  // Not blocked after all: its refusals count again.
  void forget(const std::string& address) { blocked_.erase(address); }
  // Whose time is over. Each is told once.
  std::vector<std::string> released(Time now);

 private:
  Options options_;
  Time minute_ = {};
  std::map<std::string, int> counts_;    // in the present minute
  std::map<std::string, Time> blocked_;  // until when
};

}  // namespace scoreboard::server
