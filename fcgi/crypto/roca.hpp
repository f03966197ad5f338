// SPDX-License-Identifier: Apache-2.0
// RSA moduli that a broken library made: CVE-2017-15361 (Nemec et al., "The Return of
// Coppersmith's Attack", CCS 2017). Their primes are k * M + (65537^a mod M) with M a product of
// many small primes, and whoever has the public key can factor it.
#pragma once

#include <span>

namespace scoreboard::crypto {

// `modulus` is big-endian. Wrong about one sound modulus in some 10^8. Thread-safe.
bool has_roca_shape(std::span<const unsigned char> modulus);

}  // namespace scoreboard::crypto
