// SPDX-License-Identifier: Apache-2.0
// The signature algorithms we know (RFC 7518 section 3.1, RFC 8037). There is no "none" and nothing
// with SHA-384 or SHA-512: each further one would be code that can be wrong and that nobody needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace scoreboard::auth {

// rs256 stands before ps256: an RSA key that does not say which it is for is an RS256 key unless
// only PS256 is wanted.
enum class Algorithm : std::uint8_t { hs256, rs256, es256, eddsa, ps256 };

std::string_view name_of(Algorithm algorithm);                    // "HS256"
std::optional<Algorithm> parse_algorithm(std::string_view name);  // in exactly this spelling

}  // namespace scoreboard::auth
