// SPDX-License-Identifier: Apache-2.0
#include "crypto/fault.hpp"

#include <openssl/err.h>

#include <array>
#include <stdexcept>
#include <string>

namespace scoreboard::crypto {

void throw_openssl_fault(const char* step) {
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  ERR_clear_error();
  throw std::runtime_error(std::string(step) + " failed: " + reason.data());
}

}  // namespace scoreboard::crypto
