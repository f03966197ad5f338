// SPDX-License-Identifier: Apache-2.0
// In a file of its own: where the compiler sees through both operators it takes their malloc and
// free for a mismatch.
#include "unit/crypto/watched_memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <span>

namespace {

scoreboard::crypto::test::Freed counted;

}  // namespace

scoreboard::crypto::test::Freed scoreboard::crypto::test::freed() {
  return counted;
}

void* operator new(std::size_t size) {
  if (void* block = std::malloc(size)) return block;
  throw std::bad_alloc();
}

void operator delete(void* block) noexcept {
  std::free(block);
}

void operator delete(void* block, std::size_t size) noexcept {
  if (size == scoreboard::crypto::test::watched_size) {
    const std::span bytes(static_cast<const unsigned char*>(block), size);
    const bool wiped = std::ranges::all_of(bytes, [](unsigned char byte) { return byte == 0; });
    ++(wiped ? counted.wiped : counted.readable);
  }
  std::free(block);
}
