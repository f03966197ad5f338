// SPDX-License-Identifier: Apache-2.0
// A moment, in microseconds since 1970-01-01T00:00:00Z: what the database stores and the game
// reckons with. Text forms (RFC 3339) are read and written by ops/time_text.hpp.
#pragma once

#include <chrono>
#include <cstdint>

namespace scoreboard {

using Timestamp = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

inline std::int64_t to_micros(Timestamp at) {
  return at.time_since_epoch().count();
}
inline Timestamp from_micros(std::int64_t micros) {
  return Timestamp{std::chrono::microseconds{micros}};
}

}  // namespace scoreboard
