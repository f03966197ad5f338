// SPDX-License-Identifier: Apache-2.0
// The grammar of what somebody registers with. Declared in password.hpp.
#include <algorithm>
#include <optional>

#include "auth/password.hpp"
#include "ops/utf8.hpp"

namespace scoreboard::auth {
namespace {

// libxcrypt's own limit is 512 with the closing NUL. Only a password of 128 characters that are all
// outside the Basic Multilingual Plane meets it.
constexpr std::size_t password_bytes_max = 511;

Error wrong(std::string_view field, const char* reason) {
  return {.code = ErrorCode::malformed,
          .log = std::string(field) + " " + reason,
          .field = std::string(field),
          .reason = reason};
}

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

// Unicode's White_Space, and the line and paragraph separators among it.
bool is_space(char32_t point) {
  return point == 0x20 || point == 0xA0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 ||
         point == 0x202F || point == 0x205F || point == 0x3000;
}

// The number of characters if the text is UTF-8 and none is refused.
template <class Refused>
std::optional<std::size_t> count_characters(std::string_view text, Refused refused) {
  std::size_t count = 0;
  while (!text.empty()) {
    const auto point = take_code_point(text);
    if (!point || refused(*point)) return std::nullopt;
    ++count;
  }
  return count;
}

// At least two labels, none empty.
bool is_dotted(std::string_view domain) {
  return domain.find('.') != std::string_view::npos && domain.front() != '.' &&
         domain.back() != '.' && domain.find("..") == std::string_view::npos;
}

}  // namespace

Result<void> check_username(std::string_view username) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  };
  if (username.size() < 3 || username.size() > 50 || !std::ranges::all_of(username, allowed)) {
    return wrong("username", "must be 3 to 50 characters of A-Z a-z 0-9 _ . -");
  }
  if (username.front() == '.' || username.front() == '-') {
    return wrong("username", "must not begin with a dot or dash");
  }
  return {};
}

Result<void> check_email(std::string_view email) {
  if (email.size() > 255) return wrong("email", "must be at most 255 bytes");
  const auto refused = [](char32_t point) { return is_control(point) || is_space(point); };
  if (!count_characters(email, refused)) {
    return wrong("email", "must not hold spaces or control characters");
  }
  const auto at = email.find('@');
  if (at == std::string_view::npos || at == 0 ||
      email.find('@', at + 1) != std::string_view::npos) {
    return wrong("email", "must be name@domain");
  }
  if (!is_dotted(email.substr(at + 1))) return wrong("email", "must have a domain with a dot");
  return {};
}

Result<void> check_password(std::string_view password) {
  const auto characters = count_characters(password, is_control);
  if (!characters) return wrong("password", "must be UTF-8 text without control characters");
  if (*characters < 8 || *characters > 128) return wrong("password", "must be 8 to 128 characters");
  if (password.size() > password_bytes_max) return wrong("password", "must be at most 511 bytes");
  return {};
}

}  // namespace scoreboard::auth
