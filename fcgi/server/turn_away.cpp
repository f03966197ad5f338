// SPDX-License-Identifier: Apache-2.0
#include "server/turn_away.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "ops/descriptor.hpp"

namespace scoreboard::server {

void turn_away(int listener, std::chrono::milliseconds how_long) {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  pthread_sigmask(SIG_UNBLOCK, &ending, nullptr);

  using Steady = std::chrono::steady_clock;
  const auto until = Steady::now() + how_long;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now());
    if (left.count() <= 0) return;
    pollfd waiting{.fd = listener, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, static_cast<int>(left.count())) <= 0) continue;
    const Descriptor closed_at_once(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
    // Something is wrong with the socket: the pace is all that can be kept.
    if (!closed_at_once) poll(nullptr, 0, 10);
  }
}

}  // namespace scoreboard::server
