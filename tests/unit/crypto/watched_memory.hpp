// SPDX-License-Identifier: Apache-2.0
// Freed memory must not be read, so this program's operator delete looks just before it frees.
// Blocks of a size that nothing else here uses are the secrets under test.
#pragma once

#include <cstddef>

namespace scoreboard::crypto::test {

inline constexpr std::size_t watched_size = 4177;

struct Freed {
  int wiped = 0;
  int readable = 0;
};
// Of the watched size, since the start of the program.
Freed freed();

}  // namespace scoreboard::crypto::test
