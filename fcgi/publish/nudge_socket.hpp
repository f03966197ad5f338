// SPDX-License-Identifier: Apache-2.0
// "Something was committed", from any worker of this host to the one that publishes: a datagram of
// one byte to a unix socket. Losing one costs at most the publisher's longest wait.
#pragma once

#include <sys/un.h>

#include <chrono>
#include <filesystem>

namespace scoreboard::publish {

// The publishing side. Replaces whatever an earlier publisher left at the path.
class NudgeReceiver {
 public:
  explicit NudgeReceiver(const std::filesystem::path& socket);  // throws std::system_error
  ~NudgeReceiver();
  NudgeReceiver(const NudgeReceiver&) = delete;
  NudgeReceiver& operator=(const NudgeReceiver&) = delete;

  // True when nudged, false after `limit`. Takes all nudges that have arrived.
  bool wait(std::chrono::milliseconds limit);

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

  void send() const;

 private:
  sockaddr_un address_;
  int descriptor_;
};

}  // namespace scoreboard::publish
