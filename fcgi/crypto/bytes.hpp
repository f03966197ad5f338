// SPDX-License-Identifier: Apache-2.0
// Text and bytes are the same memory seen twice. A span or view lives for one call.
#pragma once

#include <span>
#include <string_view>

namespace scoreboard::crypto {

inline std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

inline std::string_view text_of(std::span<const unsigned char> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace scoreboard::crypto
