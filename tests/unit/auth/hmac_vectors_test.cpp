// SPDX-License-Identifier: Apache-2.0
// Project Wycheproof's vectors for what every token and signature rests on. They are JSON, and
// crypto lies below json, so they are read here.
#include <boost/test/unit_test.hpp>

#include "crypto/bytes.hpp"
#include "crypto/constant_time.hpp"
#include "crypto/hex.hpp"
#include "crypto/hmac.hpp"
#include "unit/auth/vector_file.hpp"

using namespace scoreboard;
using namespace scoreboard::auth::test;

BOOST_AUTO_TEST_SUITE(hmac_vectors)

BOOST_AUTO_TEST_CASE(agrees_with_wycheproof) {
  int checked = 0;
  for (const json::Value& vector : vector_cases("wycheproof_hmac_sha256.json")) {
    const auto key = crypto::parse_hex(text_of(vector, "key")).value();
    const auto message = crypto::parse_hex(text_of(vector, "msg")).value();
    const auto tag = crypto::parse_hex(text_of(vector, "tag")).value();
    const auto made = crypto::hmac_sha256(key, crypto::text_of(message));
    const bool equal = crypto::constant_time_equal(crypto::text_of(made), crypto::text_of(tag));
    BOOST_TEST(equal == (number_of(vector, "valid") == 1), "vector " << number_of(vector, "id"));
    ++checked;
  }
  BOOST_TEST(checked == 87);
}

BOOST_AUTO_TEST_SUITE_END()
