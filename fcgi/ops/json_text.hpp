// SPDX-License-Identifier: Apache-2.0
// The two JSON scalars that are easy to write wrongly. Shared by the log and by json/writer.hpp, so
// that there is one place where a quote could be forgotten.
#pragma once

#include <string>
#include <string_view>

namespace scoreboard {

// Appends `text` as a quoted JSON string (RFC 8259). The result is always valid UTF-8 without raw
// control characters: what is no UTF-8 becomes U+FFFD; DEL and the C1 controls, which terminals
// obey, and U+2028 and U+2029, which some readers take for line ends, are escaped too.
void append_json_string(std::string& out, std::string_view text);

// Appends the shortest text that reads back as the same value; null for what JSON cannot say.
void append_json_number(std::string& out, double value);

}  // namespace scoreboard
