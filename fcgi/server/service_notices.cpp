// SPDX-License-Identifier: Apache-2.0
#include "server/service_notices.hpp"

#include <systemd/sd-daemon.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "ops/log.hpp"

namespace scoreboard::server {
namespace {

// Of the interval within which it must be heard: one that comes late is no death yet.
constexpr int beats_in_interval = 4;

void tell(const std::string& state) {
  sd_notify(0, state.c_str());  // whoever does not listen does not hear
}

void watch(const std::stop_token& stop, std::chrono::microseconds interval,
           const std::function<std::string()>& still) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  bool withheld = false;
  while (!stop.stop_requested()) {
    const std::string part = still();
    if (part.empty()) {
      tell("WATCHDOG=1");
    } else if (!withheld) {
      log::write(log::Level::error, "watchdog_withheld", {{"still", part}});
    }
    withheld = !part.empty();
    stopped.wait_for(lock, stop, interval / beats_in_interval, [] { return false; });
  }
}

}  // namespace

ServiceNotices::ServiceNotices(std::function<std::string()> still) : still_(std::move(still)) {}

void ServiceNotices::ready(const std::string& status) {
  tell("READY=1\nSTATUS=" + status);
  std::uint64_t interval_us = 0;
  if (watchdog_.joinable() || sd_watchdog_enabled(0, &interval_us) <= 0) return;
  watchdog_ = std::jthread([this, interval = std::chrono::microseconds(interval_us)](
                               const std::stop_token& stop) { watch(stop, interval, still_); });
}

void ServiceNotices::reloading() {
  tell("RELOADING=1\nSTATUS=Reading its settings anew");
}

void ServiceNotices::stopping() {
  tell("STOPPING=1\nSTATUS=Answering what has arrived");
}

}  // namespace scoreboard::server
