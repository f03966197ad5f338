// SPDX-License-Identifier: Apache-2.0
// scoreboardctl verify: derives everything from the events again and says what differs.
#include "store/verify.hpp"

#include <fmt/core.h>

#include <memory>

#include "ctl/commands.hpp"

namespace scoreboard::ctl {
namespace {

int verify_database(const Invocation& invocation, VerifyScope scope) {
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  auto report = verify(settings->database.uri, scope);
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
  CLI::App* const command =
      app.add_subcommand("verify", "Recompute scores, ranks and receipts, and say what differs");
  auto journal_only = std::make_shared<bool>(false);
  command->add_flag("--journal", *journal_only,
                    "Only the journal: its numbers, its chain of hashes and its arithmetic");
  command->callback([&invocation, journal_only] {
    const auto scope = *journal_only ? VerifyScope::journal : VerifyScope::everything;
    invocation.command = [&invocation, scope] { return verify_database(invocation, scope); };
  });
}

}  // namespace scoreboard::ctl
