// SPDX-License-Identifier: Apache-2.0
// scoreboardctl: what an operator does by hand.
#include <cstdio>
#include <exception>

#include "ctl/commands.hpp"

namespace scoreboard::ctl {
namespace {

int run(int argc, char** argv) {
  CLI::App app("Administers a scoreboard.", "scoreboardctl");
  Invocation invocation;
  CLI::Option* const config =
      app.add_option("--config", invocation.config_file, "Configuration file")
          ->capture_default_str();
  app.add_option("--set", invocation.assignments,
                 "Sets one key, as section.key=value, before file and environment; repeatable")
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--database", invocation.database,
                 "Database to work on, instead of the configured one");
  app.set_version_flag("--version", SCOREBOARD_VERSION);
  app.require_subcommand(1);
  app.fallthrough();  // the options above may also stand behind the command
  for (const auto add :
       {add_migrate, add_config, add_key, add_jws, add_user, add_session, add_status, add_top,
        add_verify, add_retention, add_export, add_import, add_demo, add_doctor}) {
    add(app, invocation);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Asking for help is no mistake.
    return app.exit(error) == 0 ? good : usage;
  }
  invocation.config_file_given = config->count() > 0;
  try {
    return invocation.command();
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "scoreboardctl: %s\n", fault.what());
    return failure;
  }
}

}  // namespace
}  // namespace scoreboard::ctl

int main(int argc, char** argv) {
  return scoreboard::ctl::run(argc, argv);
}
