// SPDX-License-Identifier: Apache-2.0
#include "crypto/ed25519_order.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "crypto/hex.hpp"

using namespace scoreboard::crypto;

BOOST_AUTO_TEST_SUITE(ed25519_order)

namespace {

std::vector<unsigned char> point(const std::string& digits) {
  return *parse_hex(digits);
}
const std::string ones(56, 'f');

}  // namespace

// Computed from the curve's equation by another program.
BOOST_AUTO_TEST_CASE(the_eight_points_of_small_order_under_either_sign) {
  for (const std::string y : {"0100000000000000000000000000000000000000000000000000000000000000",
                              "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                              "0000000000000000000000000000000000000000000000000000000000000000",
                              "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                              "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"}) {
    auto small = point(y);
    BOOST_TEST(has_small_ed25519_order(small), y);
    small.back() |= 0x80;
    BOOST_TEST(has_small_ed25519_order(small), y);
    small.front() ^= 1;
    BOOST_TEST(has_small_ed25519_order(small) == (y[0] == '0'), y);  // 0 and 1 are neighbours
  }
}

BOOST_AUTO_TEST_CASE(numbers_from_the_prime_on_are_second_spellings) {
  BOOST_TEST(is_canonical_ed25519(point("ecff" + ones + "ff7f")));
  BOOST_TEST(!is_canonical_ed25519(point("edff" + ones + "ff7f")));
  BOOST_TEST(!is_canonical_ed25519(point("edff" + ones + "ffff")));
  BOOST_TEST(!is_canonical_ed25519(point("ffff" + ones + "ff7f")));
  BOOST_TEST(is_canonical_ed25519(point("00ff" + ones + "ff7e")));
}

BOOST_AUTO_TEST_SUITE_END()
