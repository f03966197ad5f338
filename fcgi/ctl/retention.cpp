// SPDX-License-Identifier: Apache-2.0
// scoreboardctl retention: lets old events leave. Meant for a timer, once a day.
#include "store/retention.hpp"

#include <fmt/core.h>

#include <charconv>
#include <cstdio>
#include <memory>

#include "ctl/commands.hpp"
#include "ops/clock.hpp"
#include "ops/time_text.hpp"

namespace scoreboard::ctl {
namespace {

struct Wanted {
  std::string keep;
  bool dry_run = false;
};

// "90d", "36h" or "12w". Not more than the calendar can reckon back.
std::optional<std::chrono::hours> duration(const std::string& text) {
  constexpr int number_max = 100000;
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [unit, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc{} || unit + 1 != end || number < 1 || number > number_max) {
    return std::nullopt;
  }
  switch (*unit) {
    case 'h':
      return std::chrono::hours{number};
    case 'd':
      return std::chrono::days{number};
    case 'w':
      return std::chrono::weeks{number};
    default:
      return std::nullopt;
  }
}

int retain(const Invocation& invocation, const Wanted& wanted) {
  const auto keep = duration(wanted.keep);
  if (!keep || *keep < kept_at_least) {
    std::fputs("scoreboardctl: --keep is hours, days or weeks, at least a day: 36h, 90d, 12w\n",
               stderr);
    return usage;
  }
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  auto report =
      apply_retention(settings->database.owner(),
                      {.keep = *keep, .now = SystemClock{}.now(), .dry_run = wanted.dry_run});
  if (!report) return fail(report.error());
  const char* const verb = wanted.dry_run ? "would leave" : "left";
  for (const std::string& month : report->months) fmt::print("{} {}\n", month, verb);
  fmt::print("{} events {}; ", report->events, verb);
  if (report->events_from == Timestamp{}) {
    fmt::print("all are kept\n");
  } else {
    fmt::print("those from {} on are kept\n", to_rfc3339(report->events_from));
  }
  return good;
}

}  // namespace

void add_retention(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand(
      "retention", "Let events leave that are older than --keep; scores and the journal stay");
  auto wanted = std::make_shared<Wanted>();
  command->add_option("--keep", wanted->keep, "How long events are kept: 36h, 90d, 12w")
      ->required();
  command->add_flag("--dry-run", wanted->dry_run, "Change nothing; say what would leave");
  command->callback([&invocation, wanted] {
    invocation.command = [&invocation, wanted] { return retain(invocation, *wanted); };
  });
}

}  // namespace scoreboard::ctl
