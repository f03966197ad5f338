// SPDX-License-Identifier: Apache-2.0
// "Something was committed", from any worker of this host to the one that publishes: a datagram to
// a unix socket, of one byte or with the traceparent of the award that was. Losing one costs at
// most the publisher's longest wait.
#pragma once

#include <sys/un.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace scoreboard::publish {

// The publishing side. Replaces whatever an earlier publisher left at the path.
class NudgeReceiver {
 public:
  explicit NudgeReceiver(const std::filesystem::path& socket);  // throws std::system_error
  ~NudgeReceiver();
  NudgeReceiver(const NudgeReceiver&) = delete;
  NudgeReceiver& operator=(const NudgeReceiver&) = delete;

  static constexpr std::size_t traces_max = 16;

  struct Nudges {
    bool any = false;                 // false: `limit` has passed
    std::vector<std::string> traces;  // traceparents, at most traces_max
  };
  // Takes all nudges that have arrived.
  Nudges wait(std::chrono::milliseconds limit);

 private:
  int descriptor_;
};

// Every worker's side. Never blocks; thread-safe; does nothing when nobody listens.
class NudgeSender {
 public:
  explicit NudgeSender(const std::filesystem::path& socket);  // throws std::system_error
  ~NudgeSender();
  NudgeSender(const NudgeSender&) = delete;
  NudgeSender& operator=(const NudgeSender&) = delete;

  void send(std::string_view traceparent = {}) const;

 private:
  sockaddr_un address_;
  int descriptor_;
};

}  // namespace scoreboard::publish
