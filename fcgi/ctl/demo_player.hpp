// SPDX-License-Identifier: Apache-2.0
// One player of the demo: registers, logs in and plays through the public API, by both contracts
// in turn, with signatures made as any client must make them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "board/award.hpp"
#include "ctl/http_client.hpp"

namespace scoreboard::ctl {

struct Played {
  enum class Result { done, wait, taken, refused } result = Result::refused;
  std::string trouble = {};  // of a refusal or a wait
  bool answered = true;      // false when there was no server to ask
};

class DemoPlayer {
 public:
  DemoPlayer(std::string name, std::vector<std::string> action_types);

  // Registers and logs in, or goes on where it had to wait; `taken` if the name is somebody else's.
  Played sign_up(HttpClient& client);
  // One action. What was asked to wait is asked again with the same action id, which counts once
  // whatever became of the first try.
  Played play(HttpClient& client, std::mt19937_64& random);

  const std::string& name() const { return name_; }
  std::int64_t score() const { return score_; }
  std::int64_t rank() const { return rank_; }
  // Not to be bothered before this.
  std::chrono::steady_clock::time_point free_at() const { return free_at_; }

 private:
  struct Action {
    Contract contract;
    std::string id;
    std::string type;    // contract A
    std::int64_t delta;  // contract B
  };

  Action new_action(std::mt19937_64& random) const;
  Played log_in(HttpClient& client);
  HttpAnswer send_update(HttpClient& client, const Action& action) const;
  HttpAnswer send_increment(HttpClient& client, const Action& action) const;
  void read_standing(const HttpAnswer& answer, Contract contract);
  Played wait(const HttpAnswer& answer);

  const std::string name_;
  const std::vector<std::string> action_types_;
  const std::string password_;
  bool registered_ = false;
  std::string user_id_;
  std::string access_token_;
  std::string action_secret_key_;
  std::string nonce_;
  std::optional<Action> pending_;
  bool tried_ = false;  // pending_ was sent before
  std::int64_t score_ = 0;
  std::int64_t rank_ = 0;
  std::chrono::steady_clock::time_point free_at_ = {};
};

}  // namespace scoreboard::ctl
