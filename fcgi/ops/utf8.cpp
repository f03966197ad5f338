// SPDX-License-Identifier: Apache-2.0
#include "ops/utf8.hpp"

#include <cstddef>

namespace scoreboard {
namespace {

// What may follow a lead byte. Overlong forms, surrogates and values above U+10FFFF are all told by
// the range of the second byte (Unicode 15, table 3-7).
struct Sequence {
  std::size_t size = 0;  // 0: no lead byte
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xBF;
};

Sequence sequence_of(unsigned char lead) {
  if (lead < 0x80) return {.size = 1};
  if (lead < 0xC2) return {};
  if (lead < 0xE0) return {.size = 2};
  if (lead == 0xE0) return {.size = 3, .second_min = 0xA0};
  if (lead == 0xED) return {.size = 3, .second_max = 0x9F};
  if (lead < 0xF0) return {.size = 3};
  if (lead == 0xF0) return {.size = 4, .second_min = 0x90};
  if (lead < 0xF4) return {.size = 4};
  if (lead == 0xF4) return {.size = 4, .second_max = 0x8F};
  return {};
}

}  // namespace

std::optional<char32_t> take_code_point(std::string_view& rest) {
  const auto lead = static_cast<unsigned char>(rest.front());
  const Sequence sequence = sequence_of(lead);
  if (sequence.size <= 1) {
    rest.remove_prefix(1);
    return sequence.size == 1 ? std::optional<char32_t>(lead) : std::nullopt;
  }
  char32_t point = lead & (0x7FU >> sequence.size);
  for (std::size_t i = 1; i < sequence.size; ++i) {
    const auto byte = i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0U;
    const unsigned low = i == 1 ? sequence.second_min : 0x80;
    const unsigned high = i == 1 ? sequence.second_max : 0xBF;
    if (byte < low || byte > high) {
      rest.remove_prefix(i);
      return std::nullopt;
    }
    point = (point << 6) | (byte & 0x3FU);
  }
  rest.remove_prefix(sequence.size);
  return point;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    if (!take_code_point(text)) return false;
  }
  return true;
}

}  // namespace scoreboard
