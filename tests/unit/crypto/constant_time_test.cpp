// SPDX-License-Identifier: Apache-2.0
#include "crypto/constant_time.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace scoreboard::crypto;

BOOST_AUTO_TEST_SUITE(constant_time)

BOOST_AUTO_TEST_CASE(equal_means_every_byte_and_the_length) {
  BOOST_TEST(constant_time_equal("", ""));
  BOOST_TEST(constant_time_equal("secret", "secret"));
  BOOST_TEST(!constant_time_equal("secret", "secreT"));
  BOOST_TEST(!constant_time_equal("Secret", "secret"));
  BOOST_TEST(!constant_time_equal("secret", "secre"));
  BOOST_TEST(!constant_time_equal("", "s"));
}

BOOST_AUTO_TEST_CASE(a_nul_byte_is_a_byte_like_any_other) {
  const std::string left("a\0b", 3);
  const std::string right("a\0c", 3);
  BOOST_TEST(!constant_time_equal(left, right));
  BOOST_TEST(constant_time_equal(left, std::string("a\0b", 3)));
}

BOOST_AUTO_TEST_CASE(sees_a_difference_of_one_bit_anywhere) {
  const std::string tag(32, 'x');
  for (std::size_t byte = 0; byte < tag.size(); ++byte) {
    std::string other = tag;
    other[byte] = static_cast<char>(other[byte] ^ 1);
    BOOST_TEST(!constant_time_equal(tag, other));
  }
}

BOOST_AUTO_TEST_SUITE_END()
