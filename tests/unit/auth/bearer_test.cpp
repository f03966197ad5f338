// SPDX-License-Identifier: Apache-2.0
#include <boost/test/unit_test.hpp>
#include <string>

#include "auth/access_token.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;

BOOST_AUTO_TEST_SUITE(bearer)

namespace {

// Empty when the field was refused.
std::string token_in(std::string_view authorization) {
  const auto token = bearer_token(authorization);
  if (token) return *token;
  BOOST_TEST((token.error().code == ErrorCode::unauthenticated));
  BOOST_TEST(token.error().reason == "");
  return "";
}

}  // namespace

BOOST_AUTO_TEST_CASE(takes_the_scheme_in_any_case_and_any_number_of_spaces) {
  BOOST_TEST(token_in("Bearer abc.def.ghi") == "abc.def.ghi");
  BOOST_TEST(token_in("bearer abc") == "abc");
  BOOST_TEST(token_in("BEARER abc") == "abc");
  BOOST_TEST(token_in("bEaReR    abc") == "abc");
  BOOST_TEST(token_in("Bearer aZ09-._~+/==") == "aZ09-._~+/==");
}

BOOST_AUTO_TEST_CASE(refuses_everything_else) {
  for (const char* field : {"",
                            "Bearer",
                            "Bearer ",
                            "Bearer   ",
                            "Bearerabc",
                            "Bearer\tabc",
                            "Basic YTpi",
                            "Bearer abc def",
                            "Bearer abc ",
                            " Bearer abc",
                            "Bearer abc,Bearer def",
                            "Bearer =",
                            "Bearer a=b",
                            "Bearer abc\n",
                            "Bearer \"abc\"",
                            "Bearer a\xC3\xA9",
                            "abc",
                            "Digest x",
                            "Bear",
                            "Bearer: abc",
                            "Token abc"}) {
    BOOST_TEST(token_in(field) == "", field);
  }
  BOOST_TEST(token_in(std::string_view("Bearer a\0b", 10)) == "");
}

BOOST_AUTO_TEST_CASE(takes_4096_bytes_and_not_one_more) {
  BOOST_TEST(token_in("Bearer " + std::string(4096, 'a')).size() == 4096U);
  BOOST_TEST(token_in("Bearer " + std::string(4097, 'a')) == "");
}

BOOST_AUTO_TEST_SUITE_END()
