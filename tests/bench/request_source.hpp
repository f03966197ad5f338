// SPDX-License-Identifier: Apache-2.0
// What the load consists of: one kind of request, and whose.
#pragma once

#include <memory>
#include <random>
#include <string>

#include "signed_requests.hpp"

namespace scoreboard::bench {

enum class Kind {
  increments,  // each a new action, rightly signed
  forged,      // each with a wrong signature
  replays,     // each player sends one and the same action again and again
  logins,      // each with a name that nobody has and a password
  get,         // one path
};
// How often one player's turn comes.
enum class Pick {
  equal,  // as often as any other's
  zipf,   // the n-th in proportion to 1/n
  one,    // always player 1
  once,   // each player's once, in order; from the first again when all have had theirs
};

struct Request {
  std::string text;
  std::string action;  // if this is an action that may count
};

class RequestSource {
 public:
  struct Options {
    Kind kind = Kind::increments;
    Pick pick = Pick::equal;
    int players = 1000;
    std::string access_keys = {};
    std::string action_keys = {};
    std::string path = "/api/leaderboard";
  };
  explicit RequestSource(Options options);

  Request next();

 private:
  int player();

  Options options_;
  std::unique_ptr<SignedRequests> signed_;
  std::mt19937 random_{1};
  std::string run_;
  long number_ = 0;
  int turn_ = 0;
};

}  // namespace scoreboard::bench
