// SPDX-License-Identifier: Apache-2.0
#include "crypto/hmac.hpp"

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/hex.hpp"

using namespace scoreboard::crypto;

BOOST_AUTO_TEST_SUITE(hmac)

namespace {

struct Case {
  std::string key;
  std::string message;
  std::string tag;  // hex; the fifth is given truncated
};

std::string counting_key() {
  std::string key;
  for (char byte = 1; byte <= 25; ++byte) key.push_back(byte);
  return key;
}

// RFC 4231 section 4.
std::vector<Case> rfc_4231() {
  return {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {counting_key(), std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(20, '\x0c'), "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The "
       "key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(gives_the_tags_of_rfc_4231) {
  for (const auto& [key, message, tag] : rfc_4231()) {
    BOOST_TEST(hmac_sha256_hex(bytes_of(key), message).substr(0, tag.size()) == tag);
  }
}

BOOST_AUTO_TEST_CASE(an_empty_key_is_a_key_and_not_the_last_one_again) {
  const std::string empty_tag = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
  BOOST_TEST(hmac_sha256_hex({}, "") == empty_tag);
  BOOST_TEST(hmac_sha256_hex(bytes_of("another"), "") != empty_tag);
  BOOST_TEST(hmac_sha256_hex({}, "") == empty_tag);
}

BOOST_AUTO_TEST_CASE(raw_and_hex_are_the_same_tag) {
  BOOST_TEST(hex(hmac_sha256(bytes_of("key"), "text")) == hmac_sha256_hex(bytes_of("key"), "text"));
}

BOOST_AUTO_TEST_CASE(threads_with_different_keys_do_not_disturb_each_other) {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (const Case& one : rfc_4231()) {
    threads.emplace_back([one, &wrong] {
      for (int round = 0; round < 500; ++round) {
        const auto tag = hmac_sha256_hex(bytes_of(one.key), one.message);
        if (tag.substr(0, one.tag.size()) != one.tag) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
