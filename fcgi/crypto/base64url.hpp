// SPDX-License-Identifier: Apache-2.0
// Base64url without padding (RFC 4648 section 5), as JOSE uses it. Decoding is strict: each value
// has exactly one spelling, so that nobody can write a second token that means the same.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace scoreboard::crypto {

std::string base64url(std::span<const unsigned char> bytes);
// Empty for padding, white space, foreign characters, an impossible length, or unused trailing
// bits that are not zero.
std::optional<std::vector<unsigned char>> parse_base64url(std::string_view text);

}  // namespace scoreboard::crypto
