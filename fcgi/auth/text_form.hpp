// SPDX-License-Identifier: Apache-2.0
// The written forms of ids, each with one spelling: lower case.
#pragma once

#include <cstddef>
#include <string_view>

namespace scoreboard::auth {

bool is_lower_hex(std::string_view text, std::size_t digits);
// 8-4-4-4-12 lower-case hex digits of any version (RFC 9562 section 4).
bool is_uuid(std::string_view text);
bool is_session_id(std::string_view text);  // 32 lower-case hex digits
// 26 characters of Crockford's base 32 in lower case, at most 128 bits: the first is 0 to 7.
bool is_ulid(std::string_view text);

// The value of one character that is_ulid() has passed.
unsigned ulid_digit(char digit);

}  // namespace scoreboard::auth
