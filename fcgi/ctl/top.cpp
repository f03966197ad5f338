// SPDX-License-Identifier: Apache-2.0
// scoreboardctl top: the board as the database has it; on a terminal it is live until interrupted.
#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>

#include "ctl/commands.hpp"
#include "ctl/top_screen.hpp"
#include "store/open.hpp"

namespace scoreboard::ctl {
namespace {

constexpr int players_max = 50;
constexpr int players_once = 10;
constexpr int other_lines = 4;  // heading, version, how to leave, and the cursor's own
constexpr std::chrono::milliseconds glance{250};
constexpr std::chrono::seconds move_shown{5};

// As many as the terminal has room for.
int players_that_fit() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return players_once;
  return std::clamp(size.ws_row - other_lines, 1, players_max);
}

// The screen is written over, not wiped first: it would flicker.
void draw(const std::string& screen, const std::string& below) {
  std::string out = "\x1b[H";
  for (const char c : screen + below + "\n") {
    if (c == '\n') out += "\x1b[K";
    out += c;
  }
  out += "\x1b[J";
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
}

int watch(Store& store) {
  std::string screen;
  JournalSeq shown;
  Places before;
  std::optional<std::chrono::steady_clock::time_point> changed;
  for (bool first = true;; first = false) {
    std::string below = "Ctrl-C ends.";
    auto view = store.top(players_that_fit());
    const auto now = std::chrono::steady_clock::now();
    if (!view) {
      below = "The database does not answer: " + view.error().log;
    } else {
      if (first) before = places_of(*view);
      if (view->version != shown) changed = now;
      shown = view->version;
      screen = top_screen(*view, &before);
      // Moves are told for a while, then the board stands as it is.
      if (changed && now - *changed > move_shown) before = places_of(*view);
    }
    draw(screen, below);
    std::this_thread::sleep_for(glance);
  }
}

int show_top(const Invocation& invocation, bool once) {
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  auto store = open_store({.uri = settings->database.uri, .readers = 1});
  if (!store) return fail(store.error());
  if (!once && isatty(STDOUT_FILENO) == 1) return watch(**store);
  auto view = (*store)->top(players_once);
  if (!view) return fail(view.error());
  std::fputs(top_screen(*view, nullptr).c_str(), stdout);
  return good;
}

}  // namespace

void add_top(CLI::App& app, Invocation& invocation) {
  CLI::App* const command =
      app.add_subcommand("top", "Watch the board, on a terminal; else print the top ten");
  auto once = std::make_shared<bool>(false);
  command->add_flag("--once", *once, "Print the top ten on a terminal, too");
  command->callback([&invocation, once] {
    invocation.command = [&invocation, once] { return show_top(invocation, *once); };
  });
}

}  // namespace scoreboard::ctl
