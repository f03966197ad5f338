// SPDX-License-Identifier: Apache-2.0
#include "ops/printable.hpp"

#include "ops/utf8.hpp"

namespace scoreboard {
namespace {

// C0, DEL, and C1, of which U+009B begins a command as ESC [ does.
bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

void spell(std::string_view bytes, std::string& out) {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view before = text;
    const auto code_point = take_code_point(text);
    const std::string_view taken = before.substr(0, before.size() - text.size());
    if (code_point && !is_control(*code_point)) {
      out += taken;
    } else {
      spell(taken, out);
    }
  }
  return out;
}

}  // namespace scoreboard
