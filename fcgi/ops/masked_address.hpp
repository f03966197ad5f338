// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace scoreboard {

// An address as the log may keep it and logins are counted by: the network of a household, not the
// person. IPv4 loses its last octet (/24), IPv6 keeps three groups (/48). What is no address
// becomes "unknown".
std::string masked_address(const std::string& address);

}  // namespace scoreboard
