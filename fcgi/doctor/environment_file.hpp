// SPDX-License-Identifier: Apache-2.0
// What systemd reads by EnvironmentFile= (systemd.exec(5)). Text in, values out.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace scoreboard::doctor {

// NAME=VALUE a line, in their order. A value may be quoted, in pieces, and go on after a backslash
// at the end of a line; lines that begin with # or ; are comments. Of something else whatever looks
// like it.
std::vector<std::pair<std::string, std::string>> environment_file(std::string_view text);

}  // namespace scoreboard::doctor
