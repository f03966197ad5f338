// SPDX-License-Identifier: Apache-2.0
// What Nginx says of itself, and what its configuration says of capacity. Texts in, values out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scoreboard::doctor {

// Of `nginx -V`: "1.22.1", and where its modules are; empty if it does not say.
std::string nginx_version(std::string_view text);
std::string nginx_modules(std::string_view text);

// By the numbers between the dots: 1.9 is older than 1.22.
bool older(std::string_view version, std::string_view than);

struct Directive {
  std::string block;  // "" outside all, "events", "http server"
  std::string name;
  std::vector<std::string> arguments;
};
// In their order; of something that is no configuration whatever looks like it. `block`: where the
// text stands, if it is included somewhere.
std::vector<Directive> directives(std::string_view text, const std::string& block = {});

// The soft limit of "Max open files" in /proc/<pid>/limits; -1 if it is not there or has none.
long open_files_limit(std::string_view limits);

}  // namespace scoreboard::doctor
