// SPDX-License-Identifier: Apache-2.0
// Modulo each small prime of M both factors are powers of 65537, and so is their product. A sound
// modulus is such a power for every one of these primes only by rare chance.
#include "crypto/roca.hpp"

#include <algorithm>
#include <array>

namespace scoreboard::crypto {
namespace {

// The primes that divide the M of every key size.
constexpr std::array<unsigned, 38> primes{
    3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
    73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

unsigned remainder_of(std::span<const unsigned char> number, unsigned divisor) {
  unsigned remainder = 0;
  for (const unsigned char byte : number) remainder = (remainder * 256 + byte) % divisor;
  return remainder;
}

bool is_power_of_65537(unsigned residue, unsigned prime) {
  unsigned power = 1;
  do {
    if (power == residue) return true;
    power = power * (65537 % prime) % prime;
  } while (power != 1);
  return false;
}

}  // namespace

bool has_roca_shape(std::span<const unsigned char> modulus) {
  return std::ranges::all_of(primes, [&](unsigned prime) {
    return is_power_of_65537(remainder_of(modulus, prime), prime);
  });
}

}  // namespace scoreboard::crypto
