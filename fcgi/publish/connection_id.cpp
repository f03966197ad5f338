// SPDX-License-Identifier: Apache-2.0
#include "publish/connection_id.hpp"

#include <cstdint>
#include <random>

namespace scoreboard::publish {

std::string new_connection_id() {
  std::random_device device;
  constexpr char digits[] = "0123456789abcdef";
  std::string id;
  for (int word = 0; word < 2; ++word) {
    std::uint32_t bits = device();
    for (int digit = 0; digit < 8; ++digit, bits >>= 4) id += digits[bits & 15];
  }
  return id;
}

}  // namespace scoreboard::publish
