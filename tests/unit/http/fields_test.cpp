// SPDX-License-Identifier: Apache-2.0
#include "http/fields.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard;

namespace {

json::Value object(std::string_view text) {
  auto parsed = json::parse_object(text);
  BOOST_REQUIRE(parsed);
  return *parsed;
}

template <class T>
void check_refusal(const Result<T>& result, std::string_view field, std::string_view reason) {
  BOOST_REQUIRE(!result);
  BOOST_TEST((result.error().code == ErrorCode::malformed));
  BOOST_TEST(result.error().field == field);
  BOOST_TEST(result.error().reason == reason);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fields)

BOOST_AUTO_TEST_CASE(a_required_string_is_there_and_is_a_string) {
  const auto body = object(R"({"s":"x","empty":"","n":1,"null":null,"o":{}})");
  BOOST_TEST(*http::required_string(body, "s") == "x");
  BOOST_TEST(*http::required_string(body, "empty") == "");
  check_refusal(http::required_string(body, "absent"), "absent", "is required");
  for (const char* other : {"n", "null", "o"}) {
    check_refusal(http::required_string(body, other), other, "must be a string");
  }
}

BOOST_AUTO_TEST_CASE(an_optional_integer_is_absent_or_an_integer) {
  const auto body = object(R"({"n":-3,"big":9223372036854775808,"r":1.0,"s":"1","null":null})");
  BOOST_TEST(**http::optional_integer(body, "n") == -3);
  BOOST_TEST(!http::optional_integer(body, "absent")->has_value());
  for (const char* other : {"big", "r", "s", "null"}) {
    check_refusal(http::optional_integer(body, other), other, "must be an integer");
  }
}

BOOST_AUTO_TEST_SUITE_END()
