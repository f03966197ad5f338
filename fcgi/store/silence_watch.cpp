// SPDX-License-Identifier: Apache-2.0
#include "store/silence_watch.hpp"

#include <sys/socket.h>

#include <csignal>

namespace scoreboard::store {
namespace {

constexpr std::chrono::milliseconds between_looks{100};

}  // namespace

void SilenceWatch::add(WatchedSocket& one) {
  const std::lock_guard lock(mutex_);
  watched_.insert(&one);
  if (thread_.joinable()) return;
  // Signals are for those who wait for them.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void SilenceWatch::remove(WatchedSocket& one) {
  const std::lock_guard lock(mutex_);
  watched_.erase(&one);
}

void SilenceWatch::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto now = std::chrono::steady_clock::now();
    for (WatchedSocket* one : watched_) one->look(now, silence_max_);
    stopped_.wait_for(lock, stop, between_looks, [] { return false; });
  }
}

WatchedSocket::WatchedSocket(std::shared_ptr<SilenceWatch> watch, Descriptor socket)
    : watch_(std::move(watch)), socket_(std::move(socket)) {
  watch_->add(*this);
}

WatchedSocket::~WatchedSocket() {
  watch_->remove(*this);
}

void WatchedSocket::asked() {
  asked_at_ = Steady::now().time_since_epoch().count();
}

void WatchedSocket::answered() {
  asked_at_ = 0;
  heard_at_ = Steady::now();
}

void WatchedSocket::hang_up() {
  shutdown(socket_.get(), SHUT_RDWR);
}

// An answer that comes in this very moment is a success, whose connection is of no more use.
void WatchedSocket::look(Steady::time_point now, std::chrono::milliseconds silence_max) {
  const Steady::rep at = asked_at_;
  if (at == 0 || now - Steady::time_point(Steady::duration(at)) < silence_max) return;
  fell_silent_ = true;
  hang_up();
}

}  // namespace scoreboard::store
