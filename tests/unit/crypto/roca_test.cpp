// SPDX-License-Identifier: Apache-2.0
#include "crypto/roca.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "crypto/random.hpp"

using namespace scoreboard::crypto;

BOOST_AUTO_TEST_SUITE(roca)

// 65537^2 is a power of 65537 modulo anything; the real thing is key 7 of wycheproof_jwk.json.
BOOST_AUTO_TEST_CASE(powers_of_65537_have_the_shape) {
  BOOST_TEST(has_roca_shape(std::vector<unsigned char>{1, 0, 1}));
  BOOST_TEST(has_roca_shape(std::vector<unsigned char>{1, 0, 2, 0, 1}));
  BOOST_TEST(!has_roca_shape(std::vector<unsigned char>{1, 0, 3}));
}

BOOST_AUTO_TEST_CASE(ten_thousand_random_numbers_have_not) {
  for (int i = 0; i < 10'000; ++i) {
    auto number = random_bytes(256);
    number.back() |= 1;
    BOOST_TEST_REQUIRE(!has_roca_shape(number));
  }
}

BOOST_AUTO_TEST_SUITE_END()
