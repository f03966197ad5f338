// SPDX-License-Identifier: Apache-2.0
// HMAC-SHA256 (RFC 2104). Thread-safe. The thread's context remembers the last key until its next
// use; the keys themselves live in this process anyhow.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "crypto/digest.hpp"

namespace scoreboard::crypto {

Digest hmac_sha256(std::span<const unsigned char> key, std::string_view message);
std::string hmac_sha256_hex(std::span<const unsigned char> key, std::string_view message);

}  // namespace scoreboard::crypto
