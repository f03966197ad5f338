// SPDX-License-Identifier: Apache-2.0
#include "crypto/hkdf.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>

#include "crypto/bytes.hpp"
#include "crypto/hex.hpp"

using namespace scoreboard::crypto;

BOOST_AUTO_TEST_SUITE(hkdf)

namespace {

// Bytes first, first + 1, ... last.
std::string count_up(int first, int last) {
  std::string bytes;
  for (int byte = first; byte <= last; ++byte) bytes.push_back(static_cast<char>(byte));
  return bytes;
}

}  // namespace

// RFC 5869 appendix A.
BOOST_AUTO_TEST_CASE(gives_the_keys_of_rfc_5869) {
  const std::string key(22, '\x0b');
  const std::string salt = count_up(0, 12);
  const std::string info = count_up(0xF0, 0xF9);
  BOOST_TEST(
      hex(hkdf_sha256({.key = bytes_of(key), .salt = bytes_of(salt), .info = info}, 42)) ==
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");

  const std::string long_key = count_up(0x00, 0x4F);
  const std::string long_salt = count_up(0x60, 0xAF);
  const std::string long_info = count_up(0xB0, 0xFF);
  BOOST_TEST(
      hex(hkdf_sha256({.key = bytes_of(long_key), .salt = bytes_of(long_salt), .info = long_info},
                      82)) ==
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb"
      "41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");

  BOOST_TEST(
      hex(hkdf_sha256({.key = bytes_of(key)}, 42)) ==
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

BOOST_AUTO_TEST_CASE(a_shorter_key_is_the_beginning_of_a_longer_one) {
  const std::string key = "some key material of whatever size";
  const auto longer = hkdf_sha256({.key = bytes_of(key), .info = "purpose"}, 64);
  const auto shorter = hkdf_sha256({.key = bytes_of(key), .info = "purpose"}, 32);
  BOOST_TEST(hex(longer).substr(0, 64) == hex(shorter));
}

BOOST_AUTO_TEST_CASE(another_purpose_is_another_key) {
  const std::string key = "some key material of whatever size";
  BOOST_TEST(hex(hkdf_sha256({.key = bytes_of(key), .info = "one"}, 32)) !=
             hex(hkdf_sha256({.key = bytes_of(key), .info = "two"}, 32)));
}

BOOST_AUTO_TEST_CASE(takes_255_blocks_and_refuses_a_byte_more) {
  const std::string key = "key";
  BOOST_TEST(hkdf_sha256({.key = bytes_of(key)}, 8160).size() == 8160U);
  BOOST_CHECK_THROW(hkdf_sha256({.key = bytes_of(key)}, 8161), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(refuses_to_make_a_key_from_nothing) {
  BOOST_CHECK_THROW(hkdf_sha256({.key = {}}, 32), std::exception);
}

BOOST_AUTO_TEST_SUITE_END()
