// SPDX-License-Identifier: Apache-2.0
// SIGTERM and SIGINT, and SIGHUP, as something main can wait for. Signals are blocked in the whole
// process before the first thread starts, because libfcgi drops a request whose system call is
// interrupted.
#pragma once

namespace scoreboard {

class Termination {
 public:
  Termination();  // blocks every signal in this thread and those it starts
  ~Termination();
  Termination(const Termination&) = delete;
  Termination& operator=(const Termination&) = delete;

  enum class Asked { reload, end };
  Asked wait() const;
  // From now on the process ends by itself after `seconds`, whatever still hangs.
  static void bound_shutdown(int seconds);

 private:
  int descriptor_;
};

}  // namespace scoreboard
