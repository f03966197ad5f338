// SPDX-License-Identifier: Apache-2.0
// scoreboardctl verify: derives everything from the events again and says what differs.
#include "store/verify.hpp"

#include <fmt/core.h>

#include "ctl/commands.hpp"

namespace scoreboard::ctl {
namespace {

int verify_database(const Invocation& invocation) {
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  auto report = verify(settings->database.uri);
  if (!report) return fail(report.error());
  for (const std::string& finding : report->findings) fmt::print("{}\n", finding);
  const std::string seen = fmt::format("{} events, {} players", report->events, report->players);
  if (report->findings.empty()) {
    fmt::print("{}: everything agrees\n", seen);
    return good;
  }
  fmt::print("{}: {} differences\n", seen, report->findings.size());
  return failure;
}

}  // namespace

void add_verify(CLI::App& app, Invocation& invocation) {
  app.add_subcommand("verify", "Recompute scores, ranks and the journal, and say what differs")
      ->callback([&] { invocation.command = [&] { return verify_database(invocation); }; });
}

}  // namespace scoreboard::ctl
