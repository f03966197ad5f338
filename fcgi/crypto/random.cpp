// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.hpp"

#include <openssl/rand.h>

#include <limits>
#include <stdexcept>

#include "crypto/fault.hpp"
#include "crypto/hex.hpp"

namespace scoreboard::crypto {

std::vector<unsigned char> random_bytes(std::size_t size) {
  if (size > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw std::length_error("more random bytes than one call gives");
  }
  std::vector<unsigned char> bytes(size);
  if (RAND_bytes(bytes.data(), static_cast<int>(size)) != 1) throw_openssl_fault("RAND_bytes");
  return bytes;
}

std::string random_hex(std::size_t bytes) {
  return hex(random_bytes(bytes));
}

}  // namespace scoreboard::crypto
