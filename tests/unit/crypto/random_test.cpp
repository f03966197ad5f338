// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.hpp"

#include <bit>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

#include "crypto/hex.hpp"

using namespace scoreboard::crypto;

BOOST_AUTO_TEST_SUITE(random_numbers)

BOOST_AUTO_TEST_CASE(gives_as_many_bytes_as_asked) {
  for (const std::size_t size : {0U, 1U, 16U, 32U, 1000U}) {
    BOOST_TEST(random_bytes(size).size() == size);
    BOOST_TEST(random_hex(size).size() == 2 * size);
  }
  BOOST_TEST(parse_hex(random_hex(16)).has_value());
}

BOOST_AUTO_TEST_CASE(never_repeats_a_key) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_hex(16));
  BOOST_TEST(seen.size() == 1000U);
}

// A generator that gives zeros, or text, would be far outside; a sound one is outside these bounds
// (ten standard deviations) less than once in 10^20 runs.
BOOST_AUTO_TEST_CASE(about_half_of_the_bits_are_set) {
  int ones = 0;
  for (const unsigned char byte : random_bytes(10'000)) ones += std::popcount(byte);
  BOOST_TEST(ones > 40'000 - 1'414);
  BOOST_TEST(ones < 40'000 + 1'414);
}

BOOST_AUTO_TEST_SUITE_END()
