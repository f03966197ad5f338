// SPDX-License-Identifier: Apache-2.0
// UTF-8 read one character at a time (RFC 3629: shortest form, no surrogates, up to U+10FFFF).
#pragma once

#include <optional>
#include <string_view>

namespace scoreboard {

// Takes the first character off `rest`, which must not be empty. Of something invalid it takes the
// bytes that one U+FFFD stands for (Unicode 15, section 3.9, the maximal subpart) and returns
// nothing.
std::optional<char32_t> take_code_point(std::string_view& rest);

bool is_utf8(std::string_view text);

}  // namespace scoreboard
