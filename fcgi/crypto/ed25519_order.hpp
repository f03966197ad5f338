// SPDX-License-Identifier: Apache-2.0
// Ed25519 keys under which a signature proves nothing. Curve25519 has eight points whose order
// divides 8; with one of them as the key, anybody makes signatures for any message.
#pragma once

#include <span>

namespace scoreboard::crypto {

// Both require 32 bytes. The y coordinate is below the field's prime 2^255 - 19 (RFC 8032 section
// 5.1.3, step 1).
bool is_canonical_ed25519(std::span<const unsigned char> point);
// Whichever sign of x the top bit says.
bool has_small_ed25519_order(std::span<const unsigned char> point);

}  // namespace scoreboard::crypto
