// SPDX-License-Identifier: Apache-2.0
#include "crypto/ecdsa_der.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "crypto/hex.hpp"

using namespace scoreboard::crypto;

BOOST_AUTO_TEST_SUITE(ecdsa)

namespace {

std::string der_of(std::vector<unsigned char> r, std::vector<unsigned char> s) {
  std::vector<unsigned char> signature(64, 0);
  std::copy(r.begin(), r.end(), signature.begin() + 32 - static_cast<long>(r.size()));
  std::copy(s.begin(), s.end(), signature.end() - static_cast<long>(s.size()));
  return hex(ecdsa_der(signature));
}

}  // namespace

BOOST_AUTO_TEST_CASE(integers_are_as_short_as_they_can_be_and_never_negative) {
  BOOST_TEST(der_of({1}, {0x7F}) ==
             "3006"
             "020101"
             "02017f");
  BOOST_TEST(der_of({0x80}, {0xFF, 0}) ==
             "3009"
             "02020080"
             "020300ff00");
  BOOST_TEST(der_of({}, {}) ==
             "3006"
             "020100"
             "020100");
  const std::vector<unsigned char> largest(32, 0xFF);
  std::string digits;
  for (int i = 0; i < 32; ++i) digits += "ff";
  BOOST_TEST(der_of(largest, largest) ==
             "3046"
             "022100" +
                 digits + "022100" + digits);
}

BOOST_AUTO_TEST_SUITE_END()
