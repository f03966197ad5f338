// SPDX-License-Identifier: Apache-2.0
// scoreboardctl config check|default|man|show
#include <cstdio>

#include "config/manual.hpp"
#include "config/render.hpp"
#include "ctl/commands.hpp"
#include "doctor/worker_unit.hpp"

namespace scoreboard::ctl {
namespace {

int check(const Invocation& invocation) {
  if (!usable_settings(invocation)) return failure;
  std::puts("The configuration is good.");
  return good;
}

int print_default() {
  std::fputs(config::default_file().c_str(), stdout);
  return good;
}

int print_manual() {
  std::fputs(config::manual().c_str(), stdout);
  return good;
}

// Without origins it is a plain file, to be compared or kept.
std::string without_origins(const std::string& shown) {
  std::string plain;
  for (std::size_t at = 0; at < shown.size();) {
    const std::size_t end = shown.find('\n', at);
    const std::string line = shown.substr(at, end - at);
    // The origin is what follows the last "  # ": a value may contain one, too.
    plain += line.substr(0, line.rfind("  # ")) + "\n";
    at = end + 1;
  }
  return plain;
}

// What this call cannot see: it is no process of systemd's.
std::string unit_remark() {
  const auto variables = doctor::variables_of(doctor::look_at_worker_unit());
  std::string text;
  for (const auto& [name, value] : variables) {
    text.append("# ").append(name).append("=").append(value).append("\n");
  }
  if (text.empty()) return text;
  return "\n# The workers get these from scoreboard@.service besides, and they win over every file "
         "(systemctl cat scoreboard@1):\n" +
         text;
}

int show(const Invocation& invocation, bool origin) {
  const config::Loaded loaded = load(invocation);
  for (const config::Fault& fault : loaded.faults) {
    std::fprintf(stderr, "%s\n", config::to_string(fault).c_str());
  }
  const std::string shown = config::show(loaded);
  std::fputs((origin ? shown + unit_remark() : without_origins(shown)).c_str(), stdout);
  return loaded.faults.empty() ? good : failure;
}

}  // namespace

void add_config(CLI::App& app, Invocation& invocation) {
  CLI::App* const command = app.add_subcommand("config", "Configuration");
  command->require_subcommand(1);

  command->add_subcommand("check", "Find every mistake in every source")->callback([&] {
    invocation.command = [&] { return check(invocation); };
  });
  command->add_subcommand("default", "Print the complete default file, with comments")
      ->callback([&] { invocation.command = print_default; });

  command->add_subcommand("man", "Print the manual page scoreboard.toml(5)")->callback([&] {
    invocation.command = print_manual;
  });

  CLI::App* const shown = command->add_subcommand("show", "Print the settings in force");
  auto origin = std::make_shared<bool>(false);
  shown->add_flag("--origin", *origin, "Say where each comes from");
  shown->callback([&invocation, origin] {
    invocation.command = [&invocation, origin] { return show(invocation, *origin); };
  });
}

}  // namespace scoreboard::ctl
