// SPDX-License-Identifier: Apache-2.0
// Makes the board change, one request at a time over a kept connection: by a player's signed
// action, or by handing the very bytes of a board to a publisher of Nchan.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fanout/receipts.hpp"
#include "fanout/stream.hpp"
#include "signed_requests.hpp"

namespace scoreboard::bench {

class Changer : public Ready {
 public:
  struct Wanted {
    Endpoint endpoint;
    SSL_CTX* tls = nullptr;
    SignedRequests* players = nullptr;  // outlives it; or:
    std::string publish;                // the publisher's path, and
    std::string message;                // the board of which score and version are counted up
  };
  Changer(Loop& loop, Wanted wanted) : loop_(loop), wanted_(std::move(wanted)) {}

  // `player` scores. The course calls it again when `answered` was called, which is always. Not
  // answered in ten seconds is refused.
  void begin(int player, std::function<void(const Change&)> answered);
  // Of answers that were no receipt: their statuses, 0 for none at all.
  const std::vector<int>& refusals() const { return refusals_; }

  void ready(std::uint32_t events) override;

 private:
  std::string request(int player);
  void send();
  bool whole() const;
  void finish(int status);

  Loop& loop_;
  Wanted wanted_;
  Stream stream_;
  bool in_flight_ = false;
  bool ready_to_send_ = false;
  std::uint64_t number_ = 0;
  Mark published_ = 0;
  std::string request_;
  std::string answer_;
  Change change_;
  std::function<void(const Change&)> answered_;
  std::vector<int> refusals_;
};

}  // namespace scoreboard::bench
