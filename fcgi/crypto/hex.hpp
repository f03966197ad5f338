// SPDX-License-Identifier: Apache-2.0
// RFC 4648 base 16. Written in lower case, read in either; no prefix, no white space.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scoreboard::crypto {

std::string hex(std::span<const unsigned char> bytes);
std::optional<std::vector<unsigned char>> parse_hex(std::string_view text);

}  // namespace scoreboard::crypto
