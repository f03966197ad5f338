// SPDX-License-Identifier: Apache-2.0
#include "crypto/constant_time.hpp"

#include <openssl/crypto.h>

namespace scoreboard::crypto {

bool constant_time_equal(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace scoreboard::crypto
