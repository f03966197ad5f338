// SPDX-License-Identifier: Apache-2.0
#include "fanout/loop.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <system_error>

namespace scoreboard::bench {

Nanos now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * nanos_of_s + time.tv_nsec;
}

Loop::Loop() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

Loop::~Loop() {
  close(epoll_);
}

void Loop::watch(int descriptor, Ready& who, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.ptr = &who}};
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

void Loop::change(int descriptor, Ready& who, std::uint32_t events) {
  epoll_event event{.events = events, .data = {.ptr = &who}};
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

void Loop::at(Nanos time, std::function<void()> what) {
  timers_.push({time, order_++, std::move(what)});
}

bool Loop::run(Nanos limit, const std::function<bool()>& done) {
  std::array<epoll_event, 512> events{};
  while (!done()) {
    const Nanos begins = now();
    if (begins >= limit) return false;
    const Nanos next = timers_.empty() ? limit : std::min(limit, timers_.top().time);
    const Nanos wait = std::clamp<Nanos>((next - begins + nanos_of_ms - 1) / nanos_of_ms, 0, 1000);
    const int found = epoll_wait(epoll_, events.data(), events.size(), static_cast<int>(wait));
    for (int i = 0; i < found; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      static_cast<Ready*>(event.data.ptr)->ready(event.events);
    }
    while (!timers_.empty() && timers_.top().time <= now()) {
      const auto what = timers_.top().what;
      timers_.pop();
      what();
    }
  }
  return true;
}

}  // namespace scoreboard::bench
