// SPDX-License-Identifier: Apache-2.0
// A realtime token opens one connection. Which were used is kept by this host's workers together,
// as files <runtime>/used-tokens/<token id>: making one that is there already fails, whoever tries.
// They go when no token of their time is good any more.
//
// It holds for a host. Behind several a token is good once on each, for its minute; a user's three
// connections are counted by host, too.
#pragma once

#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>

#include "outcome/result.hpp"

namespace scoreboard::publish {

class UsedTokens {
 public:
  explicit UsedTokens(std::filesystem::path directory);

  // The first use of this id. unauthenticated when it was used before; unavailable when that cannot
  // be told. `lifetime`: the longest that a token is good after its use; of several that were told
  // the longest counts. Thread-safe.
  Result<void> use(const std::string& token_id, std::chrono::seconds lifetime);

 private:
  void sweep(std::chrono::seconds lifetime);

  std::filesystem::path directory_;
  std::mutex sweeping_;
  std::chrono::seconds lifetime_{0};                  // with sweeping_ held
  std::chrono::steady_clock::time_point next_sweep_;  // with sweeping_ held
};

}  // namespace scoreboard::publish
