// SPDX-License-Identifier: Apache-2.0
// JOSE writes an ECDSA signature as r and s one after the other (RFC 7518 section 3.4), OpenSSL
// reads the DER of X9.62: SEQUENCE { INTEGER r, INTEGER s }.
#pragma once

#include <span>
#include <vector>

namespace scoreboard::crypto {

// Requires 64 bytes (P-256): the two halves are r and s.
std::vector<unsigned char> ecdsa_der(std::span<const unsigned char> signature);

}  // namespace scoreboard::crypto
