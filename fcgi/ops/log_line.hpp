// SPDX-License-Identifier: Apache-2.0
// How a log line looks, apart from where it goes. Private to ops and its tests.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "ops/log.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard::log {

// A pipe takes up to PIPE_BUF (4096 on Linux) bytes in one piece, so lines of this length from
// several threads and processes never mix.
inline constexpr std::size_t line_bytes_max = 4096;
// A longer text is cut, so that one field cannot push the others out of the line.
inline constexpr std::size_t text_bytes_max = 1024;

// One JSON object and a line feed, never above line_bytes_max. A field that no longer fits is left
// out and "truncated":true closes the line.
std::string format_line(Timestamp at, Level level, std::string_view event,
                        std::span<const Field> fields);

}  // namespace scoreboard::log
