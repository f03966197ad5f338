// SPDX-License-Identifier: Apache-2.0
// SIGTERM and SIGINT, and SIGHUP, as something main can wait for. Signals are blocked in the whole
// process before the first thread starts, because libfcgi drops a request whose system call is
// interrupted.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

namespace scoreboard {

class Termination {
 public:
  Termination();  // blocks every signal in this thread and those it starts
  ~Termination();
  Termination(const Termination&) = delete;
  Termination& operator=(const Termination&) = delete;

  enum class Asked { reload, end };
  Asked wait() const;
  // From any thread: the process cannot go on, and wait() tells main to end it.
  void end_for(const std::string& fault);
  // Why, if it was for that; empty otherwise.
  std::string fault() const;
  // From now on the process ends by itself after `most`, whatever still hangs.
  static void bound_shutdown(std::chrono::seconds most);

 private:
  int descriptor_;
  mutable std::mutex mutex_;
  std::string fault_;
};

}  // namespace scoreboard
