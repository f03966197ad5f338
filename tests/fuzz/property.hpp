// SPDX-License-Identifier: Apache-2.0
// What every fuzz target has: an entry that libFuzzer and the replay of the corpora call, and a way
// to say that a property does not hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace scoreboard::fuzz {

// Caught by nobody under libFuzzer, which then keeps the input; a failed test in the replay.
inline void must(bool holds, const char* property) {
  if (!holds) throw std::logic_error(std::string("does not hold: ") + property);
}

// A compact JWS with the first digit of its signature changed: nobody signed that.
inline std::string with_another_signature(std::string_view token) {
  std::string other(token);
  char& digit = other[token.rfind('.') + 1];
  digit = digit == 'A' ? 'B' : 'A';
  return other;
}

// Views the input; an empty one has no address.
inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return size == 0 ? std::string_view{}
                   : std::string_view(reinterpret_cast<const char*>(data), size);
}

}  // namespace scoreboard::fuzz
