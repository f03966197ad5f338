// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace scoreboard::publish {

// 16 hex digits from the kernel's generator. No secret: it names a channel that only our own two
// Nginx instances can reach.
std::string new_connection_id();

}  // namespace scoreboard::publish
