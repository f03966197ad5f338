// SPDX-License-Identifier: Apache-2.0
#include "fuzz/plain_json.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace scoreboard::fuzz {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_utf8(std::string& text, std::uint32_t point) {
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) return add(point);
  if (point < 0x800) {
    add(0xC0 | point >> 6);
  } else if (point < 0x10000) {
    add(0xE0 | point >> 12);
    add(0x80 | (point >> 6 & 0x3F));
  } else {
    add(0xF0 | point >> 18);
    add(0x80 | (point >> 12 & 0x3F));
    add(0x80 | (point >> 6 & 0x3F));
  }
  add(0x80 | (point & 0x3F));
}

// Each function takes what it is named for off the front and says whether it was there.
class Reader {
 public:
  Reader(std::string_view text, int depth_max) : rest_(text), depth_max_(depth_max) {}

  std::optional<Members> whole() {
    Members members;
    space();
    if (!object(1, &members)) return std::nullopt;
    space();
    if (!rest_.empty()) return std::nullopt;
    return members;
  }

 private:
  bool take(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  void space() {
    while (take(' ') || take('\t') || take('\n') || take('\r')) {
    }
  }

  bool value(int depth, std::optional<std::string>* text) {
    if (rest_.starts_with('{')) return object(depth, nullptr);
    if (rest_.starts_with('[')) return array(depth);
    if (rest_.starts_with('"')) {
      std::string read;
      if (!string(read)) return false;
      if (text) *text = std::move(read);
      return true;
    }
    return take("true") || take("false") || take("null") || number();
  }

  bool object(int depth, Members* members) {
    if (!take('{') || depth > depth_max_) return false;
    std::vector<std::string> names;
    space();
    if (take('}')) return true;
    do {
      space();
      std::string name;
      if (!string(name) || std::ranges::find(names, name) != names.end()) return false;
      names.push_back(name);
      space();
      if (!take(':')) return false;
      space();
      const std::string_view before = rest_;
      std::optional<std::string> text;
      if (!value(depth + 1, &text)) return false;
      const std::string_view written = before.substr(0, before.size() - rest_.size());
      if (members) members->push_back({std::move(name), std::move(text), written});
      space();
    } while (take(','));
    return take('}');
  }

  bool array(int depth) {
    if (!take('[') || depth > depth_max_) return false;
    space();
    if (take(']')) return true;
    do {
      space();
      if (!value(depth + 1, nullptr)) return false;
      space();
    } while (take(','));
    return take(']');
  }

  bool digits() {
    if (rest_.empty() || !is_digit(rest_.front())) return false;
    while (!rest_.empty() && is_digit(rest_.front())) rest_.remove_prefix(1);
    return true;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  std::optional<std::uint32_t> four_hex() {
    if (rest_.size() < 4) return std::nullopt;
    std::uint32_t unit = 0;
    for (const char c : rest_.substr(0, 4)) {
      if (hex_value(c) < 0) return std::nullopt;
      unit = unit * 16 + static_cast<std::uint32_t>(hex_value(c));
    }
    rest_.remove_prefix(4);
    return unit;
  }

  // Behind the backslash.
  bool escape(std::string& text) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
    if (rest_.empty()) return false;
    const char letter = rest_.front();
    rest_.remove_prefix(1);
    if (const auto at = letters.find(letter); at != std::string_view::npos) {
      text += meant[at];
      return true;
    }
    if (letter != 'u') return false;
    auto unit = four_hex();
    if (!unit || *unit == 0 || (*unit >= 0xDC00 && *unit < 0xE000)) return false;
    if (*unit >= 0xD800 && *unit < 0xDC00) {
      const auto low = take("\\u") ? four_hex() : std::nullopt;
      if (!low || *low < 0xDC00 || *low >= 0xE000) return false;
      unit = 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00);
    }
    append_utf8(text, *unit);
    return true;
  }

  // One character as it stands, of one to four bytes.
  bool character(std::string& text) {
    const auto first = static_cast<unsigned char>(rest_.front());
    if (first < 0x20) return false;
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                                            : 4;
    if (size == 0 || first > 0xF4 || rest_.size() < size) return false;
    std::uint32_t point = size == 1 ? first : first & (0x7FU >> size);
    for (const char c : rest_.substr(1, size - 1)) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte & 0xC0) != 0x80) return false;
      point = point << 6 | (byte & 0x3F);
    }
    if (point >= 0xD800 && point < 0xE000) return false;
    if ((size == 3 && point < 0x800) || (size == 4 && (point < 0x10000 || point > 0x10FFFF))) {
      return false;
    }
    text.append(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return true;
  }

  bool string(std::string& text) {
    if (!take('"')) return false;
    while (!rest_.empty()) {
      if (take('"')) return true;
      if (take('\\') ? !escape(text) : !character(text)) return false;
    }
    return false;
  }

  std::string_view rest_;
  const int depth_max_;
};

}  // namespace

std::optional<Members> plain_object(std::string_view text, int depth_max) {
  return Reader(text, depth_max).whole();
}

}  // namespace scoreboard::fuzz
