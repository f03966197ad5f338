// SPDX-License-Identifier: Apache-2.0
#include "server/refusals.hpp"

namespace scoreboard::server {

bool Refusals::add(const std::string& address, Time now) {
  if (now - minute_ >= std::chrono::minutes{1}) {
    minute_ = now;
    counts_.clear();
  }
  // Until the block is seen by Nginx, and of requests that were on their way.
  if (blocked_.contains(address)) return false;
  auto count = counts_.find(address);
  if (count == counts_.end()) {
    if (counts_.size() >= options_.addresses_max) return false;
    count = counts_.emplace(address, 0).first;
  }
  if (++count->second <= options_.refusals_max || blocked_.size() >= options_.addresses_max) {
    return false;
  }
  counts_.erase(count);
  blocked_[address] = now + options_.block;
  return true;
}

void Refusals::adopt(const std::string& address, Time now) {
  blocked_[address] = now + options_.block;
}

std::vector<std::string> Refusals::released(Time now) {
  std::vector<std::string> over;
  for (auto one = blocked_.begin(); one != blocked_.end();) {
    if (one->second > now) {
      ++one;
      continue;
    }
    over.push_back(one->first);
    one = blocked_.erase(one);
  }
  return over;
}

}  // namespace scoreboard::server
