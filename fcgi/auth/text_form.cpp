// SPDX-License-Identifier: Apache-2.0
#include "auth/text_form.hpp"

#include <algorithm>

namespace scoreboard::auth {
namespace {

constexpr std::string_view crockford = "0123456789abcdefghjkmnpqrstvwxyz";

bool is_lower_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

bool is_lower_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::ranges::all_of(text, is_lower_hex_digit);
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_lower_hex_digit(text[i])) return false;
  }
  return true;
}

bool is_session_id(std::string_view text) {
  return is_lower_hex(text, 32);
}

bool is_ulid(std::string_view text) {
  return text.size() == 26 && text.front() >= '0' && text.front() <= '7' &&
         text.find_first_not_of(crockford) == std::string_view::npos;
}

unsigned ulid_digit(char digit) {
  return static_cast<unsigned>(crockford.find(digit));
}

}  // namespace scoreboard::auth
