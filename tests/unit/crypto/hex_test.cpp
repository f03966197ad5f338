// SPDX-License-Identifier: Apache-2.0
#include "crypto/hex.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace scoreboard::crypto;

BOOST_AUTO_TEST_SUITE(hex_text)

BOOST_AUTO_TEST_CASE(writes_lower_case_and_reads_either) {
  const std::vector<unsigned char> bytes{0x00, 0x0f, 0xa5, 0xff};
  BOOST_TEST(hex(bytes) == "000fa5ff");
  BOOST_TEST((parse_hex("000fa5ff") == bytes));
  BOOST_TEST((parse_hex("000FA5fF") == bytes));
  BOOST_TEST((parse_hex("") == std::vector<unsigned char>{}));
}

BOOST_AUTO_TEST_CASE(every_byte_reads_back) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::vector<unsigned char> one{static_cast<unsigned char>(byte)};
    BOOST_TEST((parse_hex(hex(one)) == one));
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_pairs_of_digits) {
  for (const char* text :
       {"0", "000", "0g", "g0", "0x", " 00", "00 ", "0\n", "-1", "+1", "/0", "0:", "@0", "0`"}) {
    BOOST_TEST(!parse_hex(text).has_value(), text);
  }
  BOOST_TEST(!parse_hex(std::string_view("0\0", 2)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
