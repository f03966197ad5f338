// SPDX-License-Identifier: Apache-2.0
#include "worker/termination.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>
#include <thread>

#include "ops/log.hpp"

namespace scoreboard {

Termination::Termination() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGTERM);
  sigaddset(&ending, SIGINT);
  descriptor_ = signalfd(-1, &ending, SFD_CLOEXEC);
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Termination::~Termination() {
  close(descriptor_);
}

void Termination::wait() const {
  signalfd_siginfo arrived{};
  while (read(descriptor_, &arrived, sizeof arrived) != sizeof arrived) {
  }
}

void Termination::bound_shutdown(int seconds) {
  std::thread([seconds] {
    std::this_thread::sleep_for(std::chrono::seconds{seconds});
    log::write(log::Level::error, "shutdown_cut_short");
    _exit(3);
  }).detach();
}

}  // namespace scoreboard
