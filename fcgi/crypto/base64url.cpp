// SPDX-License-Identifier: Apache-2.0
#include "crypto/base64url.hpp"

#include <array>
#include <cstdint>

namespace scoreboard::crypto {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t no_digit = 64;

constexpr std::array<std::uint8_t, 256> values = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}();

}  // namespace

std::string base64url(std::span<const unsigned char> bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= 6;) {
      bits -= 6;
      text.push_back(alphabet[(pending >> bits) & 63]);
    }
  }
  if (bits > 0) text.push_back(alphabet[(pending << (6 - bits)) & 63]);
  return text;
}

std::optional<std::vector<unsigned char>> parse_base64url(std::string_view text) {
  // One digit left over holds six bits, less than a byte.
  if (text.size() % 4 == 1) return std::nullopt;
  std::vector<unsigned char> bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char digit : text) {
    const std::uint8_t value = values[static_cast<unsigned char>(digit)];
    if (value == no_digit) return std::nullopt;
    pending = (pending << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<unsigned char>((pending >> bits) & 255));
    }
  }
  const std::uint32_t unused = pending & ((1U << bits) - 1);
  if (unused != 0) return std::nullopt;
  return bytes;
}

}  // namespace scoreboard::crypto
