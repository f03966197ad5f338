// SPDX-License-Identifier: Apache-2.0
#include "worker/termination.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>

#include "ops/log.hpp"

namespace scoreboard {

Termination::Termination() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  sigset_t awaited;
  sigemptyset(&awaited);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&awaited, number);
  descriptor_ = signalfd(-1, &awaited, SFD_CLOEXEC);
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Termination::~Termination() {
  close(descriptor_);
}

Termination::Asked Termination::wait() const {
  signalfd_siginfo arrived{};
  while (read(descriptor_, &arrived, sizeof arrived) != sizeof arrived) {
  }
  return arrived.ssi_signo == SIGHUP ? Asked::reload : Asked::end;
}

void Termination::end_for(const std::string& fault) {
  {
    const std::lock_guard lock(mutex_);
    fault_ = fault;
  }
  kill(getpid(), SIGTERM);
}

std::string Termination::fault() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

void Termination::bound_shutdown(std::chrono::seconds most) {
  std::thread([most] {
    std::this_thread::sleep_for(most);
    log::write(log::Level::error, "shutdown_cut_short");
    _exit(3);
  }).detach();
}

}  // namespace scoreboard
