// SPDX-License-Identifier: Apache-2.0
// Increment requests as a client signs them, for load: the players and sessions are those of
// scripts/lib/bench/fill.py, numbered from 1, and nobody logs in for them. Tokens and signatures
// are made with the board's own key files, by the code that checks them.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "auth/key_set.hpp"
#include "auth/session_secrets.hpp"

namespace scoreboard::bench {

// What a player signs with. Good for as long as an access token: an hour.
struct Credentials {
  std::string user;
  std::string access_token;
  auth::SessionSecrets secrets;
};

// For one thread. Throws std::runtime_error if a key file cannot be read.
class SignedRequests {
 public:
  SignedRequests(const std::string& access_keys, const std::string& action_keys);

  // A whole HTTP/1.1 request over a kept connection: one that counts five points, under an action
  // id that no other has, not even of another run.
  std::string increment(int player);
  // The same action, signed the same, as often as wanted: only the first one counts.
  std::string increment(int player, std::string_view action_id);
  // A signature of the right form that is not the player's.
  std::string forged(int player);

 private:
  const Credentials& credentials(int player);
  std::string next_action();
  std::string request(const Credentials& player, std::string_view action_id, bool forged) const;

  auth::KeySet access_;
  auth::KeySet action_;
  std::string run_;
  long number_ = 0;
  std::unordered_map<int, Credentials> known_;
};

}  // namespace scoreboard::bench
