// SPDX-License-Identifier: Apache-2.0
// RFC 3339 in UTC, out and in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "outcome/timestamp.hpp"

namespace scoreboard {

// "2026-02-02T10:30:00.123Z": always milliseconds.
std::string to_rfc3339(Timestamp at);
// \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z with a real date; empty otherwise. A leap second
// (:60) is refused.
std::optional<Timestamp> parse_rfc3339(std::string_view text);

}  // namespace scoreboard
