// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

using scoreboard::crypto::Secret;

// Freed memory must not be read, so this program's delete looks just before. Blocks of a size that
// nothing else here uses are the secrets under test.
namespace {

constexpr std::size_t watched_size = 4177;
int freed_wiped = 0;
int freed_readable = 0;

}  // namespace

void* operator new(std::size_t size) {
  if (void* block = std::malloc(size)) return block;
  throw std::bad_alloc();
}
void operator delete(void* block) noexcept {
  std::free(block);
}
void operator delete(void* block, std::size_t size) noexcept {
  if (size == watched_size) {
    const std::span bytes(static_cast<const unsigned char*>(block), size);
    const bool wiped = std::ranges::all_of(bytes, [](unsigned char byte) { return byte == 0; });
    ++(wiped ? freed_wiped : freed_readable);
  }
  std::free(block);
}

BOOST_AUTO_TEST_SUITE(secret)

static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);
static_assert(std::is_nothrow_move_assignable_v<Secret>);

namespace {

std::vector<unsigned char> bytes_in(const Secret& secret) {
  return {secret.bytes().begin(), secret.bytes().end()};
}

}  // namespace

BOOST_AUTO_TEST_CASE(moves_and_leaves_nothing_behind) {
  const std::vector<unsigned char> bytes{1, 2, 3};
  Secret first(bytes);
  Secret second(std::move(first));
  BOOST_TEST(first.size() == 0U);
  BOOST_TEST((bytes_in(second) == bytes));
  Secret third(std::vector<unsigned char>{9});
  third = std::move(second);
  BOOST_TEST(second.size() == 0U);
  BOOST_TEST((bytes_in(third) == bytes));
}

BOOST_AUTO_TEST_CASE(survives_being_moved_onto_itself) {
  Secret secret(std::vector<unsigned char>{1, 2, 3});
  Secret& alias = secret;
  secret = std::move(alias);
  BOOST_TEST(secret.size() == 3U);
}

BOOST_AUTO_TEST_CASE(is_wiped_before_its_memory_is_given_back) {
  const auto key = [] { return std::vector<unsigned char>(watched_size, 0xAA); };
  freed_wiped = freed_readable = 0;
  { const Secret dies(key()); }
  BOOST_TEST(freed_wiped == 1);

  Secret replaced(key());
  replaced = Secret();
  BOOST_TEST(freed_wiped == 2);

  { const std::vector<unsigned char> plain = key(); }
  BOOST_TEST(freed_readable == 1);  // The watch does see what is not wiped.
}

BOOST_AUTO_TEST_SUITE_END()
