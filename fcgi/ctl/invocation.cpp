// SPDX-License-Identifier: Apache-2.0
#include "ctl/invocation.hpp"

#include <cstdio>
#include <filesystem>
#include <system_error>

namespace scoreboard::ctl {
namespace {

// An absent default file is no mistake, a named one that is absent is. One that is there but may
// not be looked at is for load() to complain about.
std::filesystem::path file_to_read(const Invocation& invocation) {
  std::error_code fault;
  const auto about = std::filesystem::status(invocation.config_file, fault);
  const bool absent = about.type() == std::filesystem::file_type::not_found;
  if (absent && !invocation.config_file_given) return {};
  return invocation.config_file;
}

}  // namespace

config::Loaded load(const Invocation& invocation) {
  return load(invocation, config::environment());
}

config::Loaded load(const Invocation& invocation, const config::Environment& environment) {
  config::Loaded loaded =
      config::load(file_to_read(invocation), environment, invocation.assignments);
  if (!invocation.database.empty()) {
    loaded.settings.database.uri = invocation.database;
    loaded.origin["database.uri"] = {.source = "--database"};
  }
  return loaded;
}

std::optional<config::Settings> usable_settings(const Invocation& invocation) {
  config::Loaded loaded = load(invocation);
  for (const config::Fault& fault : loaded.faults) {
    std::fprintf(stderr, "%s\n", config::to_string(fault).c_str());
  }
  if (!loaded.faults.empty()) return std::nullopt;
  return std::move(loaded.settings);
}

int fail(const Error& error) {
  std::fprintf(stderr, "scoreboardctl: %s\n", error.log.c_str());
  return failure;
}

}  // namespace scoreboard::ctl
