// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) of bytes that lie in one piece. Thread-safe.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace scoreboard::crypto {

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view data);
std::string sha256_hex(std::string_view data);  // 64 lower-case digits

}  // namespace scoreboard::crypto
