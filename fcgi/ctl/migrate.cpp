// SPDX-License-Identifier: Apache-2.0
// scoreboardctl migrate: makes the database, or brings its schema to this program's version.
#include "store/migrations.hpp"

#include <cstdio>

#include "ctl/commands.hpp"

namespace scoreboard::ctl {
namespace {

int migrate(const Invocation& invocation) {
  const auto settings = usable_settings(invocation);
  if (!settings) return failure;
  auto report = store::migrate(settings->database.owner());
  if (!report) return fail(report.error());
  for (const std::string& name : report->applied) std::printf("applied %s\n", name.c_str());
  std::printf("The schema is at version %d%s.\n", report->version,
              report->applied.empty() ? " already" : "");
  return good;
}

}  // namespace

void add_migrate(CLI::App& app, Invocation& invocation) {
  app.add_subcommand("migrate", "Make the database, or bring its schema up to date")->callback([&] {
    invocation.command = [&] { return migrate(invocation); };
  });
}

}  // namespace scoreboard::ctl
