// SPDX-License-Identifier: Apache-2.0
#include "auth/text_form.hpp"

#include <boost/test/unit_test.hpp>
#include <string>

using namespace scoreboard::auth;

BOOST_AUTO_TEST_SUITE(text_form)

BOOST_AUTO_TEST_CASE(a_uuid_has_one_spelling) {
  BOOST_TEST(is_uuid("7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d17"));
  BOOST_TEST(is_uuid("00000000-0000-0000-0000-000000000000"));
  for (const char* text :
       {"", "7F3B1C9E-0D52-4A86-9C41-2E6F8B0A5D17", "7f3b1c9e0d524a869c412e6f8b0a5d17",
        "7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d1", "7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d170",
        "7f3b1c9-e0d52-4a86-9c41-2e6f8b0a5d17", "7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d1g",
        "7f3b1c9e_0d52-4a86-9c41-2e6f8b0a5d17", "-------------------------------------"}) {
    BOOST_TEST(!is_uuid(text), text);
  }
}

BOOST_AUTO_TEST_CASE(a_session_id_is_32_lower_case_digits) {
  BOOST_TEST(is_session_id(std::string(32, 'f')));
  BOOST_TEST(!is_session_id(std::string(31, 'f')));
  BOOST_TEST(!is_session_id(std::string(33, 'f')));
  BOOST_TEST(!is_session_id(std::string(32, 'F')));
  BOOST_TEST(!is_session_id(std::string(32, 'g')));
}

BOOST_AUTO_TEST_CASE(a_ulid_has_the_letters_of_crockford_and_fits_128_bits) {
  BOOST_TEST(is_ulid("01aryz6s41tsv4rrffq69g5fav"));
  BOOST_TEST(is_ulid("7zzzzzzzzzzzzzzzzzzzzzzzzz"));
  BOOST_TEST(!is_ulid("8zzzzzzzzzzzzzzzzzzzzzzzzz"));
  BOOST_TEST(!is_ulid("01ARYZ6S41TSV4RRFFQ69G5FAV"));
  BOOST_TEST(!is_ulid("01aryz6s41tsv4rrffq69g5fa"));
  BOOST_TEST(!is_ulid("01aryz6s41tsv4rrffq69g5favx"));
  for (const char letter : {'i', 'l', 'o', 'u', '-'}) {
    BOOST_TEST(!is_ulid(std::string("01aryz6s41tsv4rrffq69g5fa") + letter));
  }
}

BOOST_AUTO_TEST_SUITE_END()
