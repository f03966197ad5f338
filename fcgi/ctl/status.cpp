// SPDX-License-Identifier: Apache-2.0
// scoreboardctl status: workers, publisher, live Nginx and database of this host on one screen.
// Exit 0: everything is there; 1: something is down.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "ctl/commands.hpp"
#include "ctl/host_status.hpp"
#include "ctl/status_text.hpp"

namespace scoreboard::ctl {
namespace {

constexpr std::chrono::milliseconds glance{400};

struct Wanted {
  bool json = false;
  int watch_s = 0;  // 0: once
};

void show(const HostStatus& host, const Wanted& wanted) {
  // From the top of a screen that is wiped, so that it stands still; a file gets one below the
  // other.
  const bool wipe = wanted.watch_s > 0 && !wanted.json && isatty(STDOUT_FILENO) == 1;
  const std::string text = wanted.json ? status_json(host) + "\n" : status_screen(host);
  std::fputs(((wipe ? "\x1b[H\x1b[2J" : "") + text).c_str(), stdout);
  std::fflush(stdout);
}

int print_status(const Invocation& invocation, const Wanted& wanted) {
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  HostWatch watch(*settings);
  watch.look();  // rates are of the time between two looks
  for (;;) {
    std::this_thread::sleep_for(wanted.watch_s > 0 ? std::chrono::seconds{wanted.watch_s} : glance);
    const HostStatus host = watch.look();
    show(host, wanted);
    if (wanted.watch_s == 0) return host.good() ? good : failure;
  }
}

}  // namespace

void add_status(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("status", "Show workers, publisher, live Nginx and database of this host");
  auto wanted = std::make_shared<Wanted>();
  command->add_flag("--json", wanted->json, "One line of JSON instead of a screen");
  command->add_option("--watch", wanted->watch_s, "Again every so many seconds, until interrupted")
      ->check(CLI::Range(1, 3600))
      ->expected(0, 1)
      ->default_str("2");
  command->callback([&invocation, wanted] {
    invocation.command = [&invocation, wanted] { return print_status(invocation, *wanted); };
  });
}

}  // namespace scoreboard::ctl
