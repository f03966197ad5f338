// SPDX-License-Identifier: Apache-2.0
// One call of scoreboardctl: the options that all commands share, and the command that was chosen.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "outcome/error.hpp"

namespace scoreboard::ctl {

// Exit statuses.
inline constexpr int good = 0;
inline constexpr int failure = 1;  // it did not work, or something was found
inline constexpr int usage = 2;

struct Invocation {
  std::string config_file = "/etc/scoreboard/scoreboard.toml";
  bool config_file_given = false;
  std::vector<std::string> assignments;  // of --set
  std::string database;                  // instead of the configured one; empty for that one

  std::function<int()> command;
};

// The settings as this call sees them, faults included. The default file may be absent.
config::Loaded load(const Invocation& invocation);
// As a process sees them that has these variables instead of ours.
config::Loaded load(const Invocation& invocation, const config::Environment& environment);

// The settings, or nothing once their faults are told on standard error.
std::optional<config::Settings> usable_settings(const Invocation& invocation);

// Tells an operator why something did not work; the exit status.
int fail(const Error& error);

}  // namespace scoreboard::ctl
