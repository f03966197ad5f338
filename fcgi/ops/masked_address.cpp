// SPDX-License-Identifier: Apache-2.0
#include "ops/masked_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

namespace scoreboard {

std::string masked_address(const std::string& address) {
  constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  std::array<unsigned char, 16> bytes{};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) {
    bytes[3] = 0;
    return inet_ntop(AF_INET, bytes.data(), text.data(), text.size());
  }
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return "unknown";
  // An IPv4 client of a dual-stack listener: the /48 of ::ffff:a.b.c.d would be every such client.
  if (std::equal(mapped.begin(), mapped.end(), bytes.begin())) {
    bytes[15] = 0;
  } else {
    std::fill(bytes.begin() + 6, bytes.end(), static_cast<unsigned char>(0));
  }
  return inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
}

}  // namespace scoreboard
