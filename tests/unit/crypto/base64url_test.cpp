// SPDX-License-Identifier: Apache-2.0
#include "crypto/base64url.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "crypto/bytes.hpp"

using namespace scoreboard::crypto;

BOOST_AUTO_TEST_SUITE(base64url_text)

namespace {

bool is_refused(std::string_view text) {
  return !parse_base64url(text);
}

}  // namespace

// RFC 4648 section 10, without the padding, and RFC 7515 appendix C.
BOOST_AUTO_TEST_CASE(agrees_with_the_rfcs_in_both_directions) {
  const std::vector<std::pair<std::string, std::string>> cases{{"", ""},
                                                               {"f", "Zg"},
                                                               {"fo", "Zm8"},
                                                               {"foo", "Zm9v"},
                                                               {"foob", "Zm9vYg"},
                                                               {"fooba", "Zm9vYmE"},
                                                               {"foobar", "Zm9vYmFy"},
                                                               {"\x03\xec\xff\xe0\xc1", "A-z_4ME"}};
  for (const auto& [bytes, text] : cases) {
    BOOST_TEST(base64url(bytes_of(bytes)) == text);
    const auto parsed = parse_base64url(text);
    BOOST_TEST_REQUIRE(parsed.has_value());
    BOOST_TEST(text_of(*parsed) == bytes);
  }
}

BOOST_AUTO_TEST_CASE(refuses_every_second_spelling) {
  BOOST_TEST(is_refused("Zg=="));  // padding
  BOOST_TEST(is_refused("Zm8="));
  BOOST_TEST(is_refused("Zm9v\n"));  // white space
  BOOST_TEST(is_refused(" Zm9v"));
  BOOST_TEST(is_refused("Zm 9v"));
  BOOST_TEST(is_refused("A+z/4ME"));  // the other alphabet
  BOOST_TEST(is_refused("A"));        // six bits are no byte
  BOOST_TEST(is_refused("Zm9vY"));
  BOOST_TEST(is_refused("Zh"));  // the same byte as Zg, with an unused bit set
  BOOST_TEST(is_refused("Zm9"));
  BOOST_TEST(is_refused(std::string_view("Zm\0v", 4)));
  BOOST_TEST(is_refused("Zm\xC3\xA9"));
}

BOOST_AUTO_TEST_CASE(of_64_last_digits_only_those_with_unused_bits_zero_are_taken) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  int of_two = 0;
  int of_three = 0;
  for (const char digit : alphabet) {
    of_two += !is_refused(std::string("Z") + digit);
    of_three += !is_refused(std::string("Zm") + digit);
  }
  BOOST_TEST(of_two == 4);     // four unused bits
  BOOST_TEST(of_three == 16);  // two
}

BOOST_AUTO_TEST_CASE(reads_back_whatever_it_wrote) {
  constexpr unsigned seed = 4648;
  std::mt19937 luck(seed);
  for (int round = 0; round < 2000; ++round) {
    std::vector<unsigned char> bytes(luck() % 70);
    for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(luck());
    const auto parsed = parse_base64url(base64url(bytes));
    BOOST_TEST_REQUIRE((parsed && *parsed == bytes), "seed " << seed << " round " << round);
  }
}

BOOST_AUTO_TEST_SUITE_END()
