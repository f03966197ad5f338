// SPDX-License-Identifier: Apache-2.0
#include "http/body.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard;

namespace {

http::Request with(std::string content_type, std::string body) {
  http::Request request{.method = "POST", .path = "/x", .body = std::move(body)};
  if (!content_type.empty()) request.headers["content-type"] = std::move(content_type);
  return request;
}

ErrorCode refusal(const http::Request& request) {
  auto body = http::json_body(request);
  BOOST_REQUIRE(!body);
  return body.error().code;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(body)

BOOST_AUTO_TEST_CASE(a_json_object_of_the_right_type_is_read) {
  for (const char* type : {"application/json", "Application/JSON; charset=utf-8"}) {
    auto body = http::json_body(with(type, R"({"a":"b"})"));
    BOOST_REQUIRE(body);
    BOOST_TEST(body->find("a")->string() == "b");
  }
}

BOOST_AUTO_TEST_CASE(another_content_type_is_unsupported_whatever_the_body) {
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded"}) {
    BOOST_TEST((refusal(with(type, R"({"a":"b"})")) == ErrorCode::unsupported_media_type), type);
  }
}

BOOST_AUTO_TEST_CASE(size_is_refused_before_anything_else) {
  auto request = with("text/plain", "");
  request.body_too_large = true;
  BOOST_TEST((refusal(request) == ErrorCode::payload_too_large));
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_malformed) {
  for (const char* text : {"", "[]", "1", "null", "{", "{\"a\":1}x", "{\"a\":1,\"a\":2}"}) {
    BOOST_TEST((refusal(with("application/json", text)) == ErrorCode::malformed), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
