// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hpp"

#include <boost/test/unit_test.hpp>
#include <type_traits>
#include <utility>
#include <vector>

#include "unit/crypto/watched_memory.hpp"

using scoreboard::crypto::Secret;
using scoreboard::crypto::test::freed;
using scoreboard::crypto::test::watched_size;

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
  BOOST_TEST(first.size() == 0U);  // NOLINT(*-use-after-move,*.Move): what is left is the point.
  BOOST_TEST((bytes_in(second) == bytes));
  Secret third(std::vector<unsigned char>{9});
  third = std::move(second);
  BOOST_TEST(second.size() == 0U);  // NOLINT(*-use-after-move,*.Move): as above.
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
  const auto before = freed();
  { const Secret dies(key()); }
  BOOST_TEST(freed().wiped == before.wiped + 1);

  Secret replaced(key());
  replaced = Secret();
  BOOST_TEST(freed().wiped == before.wiped + 2);

  { const std::vector<unsigned char> plain = key(); }
  // The watch does see what is not wiped.
  BOOST_TEST(freed().readable == before.readable + 1);
}

BOOST_AUTO_TEST_SUITE_END()
