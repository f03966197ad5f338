// SPDX-License-Identifier: Apache-2.0
// scoreboardctl top: the board as the database has it.
#include <fmt/core.h>

#include "ctl/commands.hpp"
#include "ops/time_text.hpp"
#include "store/open.hpp"

namespace scoreboard::ctl {
namespace {

int print_top(const Invocation& invocation) {
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  auto store = open_store({.uri = settings->database.uri, .readers = 1});
  if (!store) return fail(store.error());
  auto view = (*store)->top(10);
  if (!view) return fail(view.error());
  if (view->standings.empty()) {
    fmt::print("Nobody has scored yet.\n");
    return good;
  }
  fmt::print("{:>4}  {:>12}  {:<24}  {}\n", "rank", "score", "reached", "player");
  for (const Standing& standing : view->standings) {
    fmt::print("{:>4}  {:>12}  {:<24}  {}\n", standing.rank.value(), standing.score.value(),
               to_rfc3339(standing.reached_at), standing.username);
  }
  fmt::print("version {}, updated at {}\n", view->version.value(), to_rfc3339(view->updated_at));
  return good;
}

}  // namespace

void add_top(CLI::App& app, Invocation& invocation) {
  app.add_subcommand("top", "Print the top ten")->callback([&] {
    invocation.command = [&] { return print_top(invocation); };
  });
}

}  // namespace scoreboard::ctl
