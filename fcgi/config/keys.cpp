// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

#include <algorithm>

#include "ops/utf8.hpp"

namespace scoreboard::config {

std::string dotted_name(const Key& key) {
  return std::string(key.section) + "." + std::string(key.name);
}

std::string environment_name(const Key& key) {
  std::string name = "SCOREBOARD_" + std::string(key.section) + "_" + std::string(key.name);
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

std::string to_toml(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string quoted = "\"";
  for (const char c : std::get<std::string>(value)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      quoted += "\\u00";
      quoted += digits[byte >> 4];
      quoted += digits[byte & 15];
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string range_text(const Key& key) {
  std::string text = "from " + std::to_string(key.min) + " to " + std::to_string(key.max);
  if (key.type == Type::text) return text + " bytes long";
  return key.unit.empty() ? text : text + " " + std::string(key.unit);
}

std::string taken_text(Taken taken) {
  switch (taken) {
    case Taken::at_start:
      return "at start";
    case Taken::at_reload:
      return "at reload";
  }
  return {};
}

std::string complaint(const Key& key, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    if (key.type != Type::text) return "must be a whole number " + range_text(key);
    const auto size = static_cast<std::int64_t>(text->size());
    if (size < key.min) return "must not be empty";
    if (size > key.max) return "is too long; it must be " + range_text(key);
    if (text->find('\0') != std::string::npos) return "must not contain a NUL byte";
    if (!is_utf8(*text)) return "must be UTF-8";
    return {};
  }
  if (key.type != Type::integer) return "must be a text in quotes";
  const std::int64_t number = std::get<std::int64_t>(value);
  if (number < key.min || number > key.max) {
    return "is " + std::to_string(number) + "; it must be " + range_text(key);
  }
  return {};
}

}  // namespace scoreboard::config
