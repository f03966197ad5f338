// SPDX-License-Identifier: Apache-2.0
// The commands, one file each. Each function adds its command to the command line; when it is the
// chosen one, parsing leaves it in invocation.command. Secrets are never arguments: other users of
// the host can read those.
#pragma once

#include <CLI/CLI.hpp>

#include "ctl/invocation.hpp"

namespace scoreboard::ctl {

void add_migrate(CLI::App& app, Invocation& invocation);
void add_config(CLI::App& app, Invocation& invocation);
void add_key(CLI::App& app, Invocation& invocation);
void add_jws(CLI::App& app, Invocation& invocation);
void add_user(CLI::App& app, Invocation& invocation);
void add_session(CLI::App& app, Invocation& invocation);
void add_status(CLI::App& app, Invocation& invocation);
void add_top(CLI::App& app, Invocation& invocation);
void add_verify(CLI::App& app, Invocation& invocation);
void add_retention(CLI::App& app, Invocation& invocation);
void add_export(CLI::App& app, Invocation& invocation);
void add_import(CLI::App& app, Invocation& invocation);
void add_demo(CLI::App& app, Invocation& invocation);
void add_doctor(CLI::App& app, Invocation& invocation);

}  // namespace scoreboard::ctl
