// SPDX-License-Identifier: Apache-2.0
// What a worker tells the service manager that started it (sd_notify(3)): that it serves, that it
// reads its settings anew, that it ends, and, for as long as its threads move, that it lives.
// Without NOTIFY_SOCKET in the environment nothing here does anything.
#pragma once

#include <functional>
#include <string>
#include <thread>

namespace scoreboard::server {

class ServiceNotices {
 public:
  // `still` names the part of the worker that has stopped moving; empty when all move. It is asked
  // on a thread of this class, a few times in each interval of the watchdog (WATCHDOG_USEC). While
  // it names one nothing is said, and the service manager replaces the worker.
  explicit ServiceNotices(std::function<std::string()> still);

  // It serves. The first call starts the watchdog's thread: signals must be blocked by then.
  void ready(const std::string& status);
  // Followed by ready() when it is done.
  void reloading();
  void stopping();

 private:
  std::function<std::string()> still_;
  std::jthread watchdog_;
};

}  // namespace scoreboard::server
