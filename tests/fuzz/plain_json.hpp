// SPDX-License-Identifier: Apache-2.0
// A second reader of strict JSON, written from RFC 8259 as plainly as possible and with another
// method: recursive descent over the text, no library. What it and the real one disagree about is a
// mistake of one of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scoreboard::fuzz {

// A member of the outermost object.
struct Member {
  std::string name;
  std::optional<std::string> text;  // the value, if it is a string
  std::string_view written;         // the value as it stands in the text
};
using Members = std::vector<Member>;

// Empty unless the text is one object, UTF-8 without U+0000, without a name twice in any object and
// at most `depth_max` levels deep. Numbers may be of any size.
std::optional<Members> plain_object(std::string_view text, int depth_max);

}  // namespace scoreboard::fuzz
