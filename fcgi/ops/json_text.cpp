// SPDX-License-Identifier: Apache-2.0
#include "ops/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "ops/utf8.hpp"

namespace scoreboard {
namespace {

void append_escape(std::string& out, char32_t point) {
  static constexpr std::string_view digits = "0123456789abcdef";
  switch (point) {
    case U'"':
      out += "\\\"";
      return;
    case U'\\':
      out += "\\\\";
      return;
    case U'\b':
      out += "\\b";
      return;
    case U'\f':
      out += "\\f";
      return;
    case U'\n':
      out += "\\n";
      return;
    case U'\r':
      out += "\\r";
      return;
    case U'\t':
      out += "\\t";
      return;
    default:
      break;  // Everything else that needs an escape is below U+10000: four digits do.
  }
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out.push_back(digits[(point >> shift) & 15]);
}

bool needs_escape(char32_t point) {
  return point < 0x20 || point == U'"' || point == U'\\' || (point >= 0x7F && point < 0xA0) ||
         point == 0x2028 || point == 0x2029;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    const std::string_view before = text;
    const auto point = take_code_point(text);
    if (!point) {
      out += "\xEF\xBF\xBD";  // U+FFFD
    } else if (needs_escape(*point)) {
      append_escape(out, *point);
    } else {
      out += before.substr(0, before.size() - text.size());
    }
  }
  out.push_back('"');
}

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

}  // namespace scoreboard
