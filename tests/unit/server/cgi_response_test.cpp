// SPDX-License-Identifier: Apache-2.0
#include "server/cgi_response.hpp"

#include <boost/test/unit_test.hpp>

using scoreboard::http::Response;
using scoreboard::server::cgi_document;

BOOST_AUTO_TEST_SUITE(cgi_response)

BOOST_AUTO_TEST_CASE(status_fields_and_body_in_this_order) {
  BOOST_TEST(cgi_document({.status = 429, .headers = {{"Retry-After", "3"}}, .body = "{}"}) ==
             "Status: 429 Too Many Requests\r\n"
             "Retry-After: 3\r\n"
             "Content-Type: application/json\r\n"
             "Content-Length: 2\r\n"
             "\r\n"
             "{}");
}

BOOST_AUTO_TEST_CASE(an_answer_without_content_has_no_trace_of_one) {
  for (const int status : {204, 304}) {
    const auto document = cgi_document({.status = status, .body = "ignored"});
    BOOST_TEST(document.find("Content-") == std::string::npos);
    BOOST_TEST(document.ends_with("\r\n\r\n"));
  }
  BOOST_TEST(cgi_document({.content_type = ""}) == "Status: 200 OK\r\nContent-Length: 0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_field_cannot_smuggle_in_another) {
  const auto document = cgi_document({.headers = {{"X-Echo\r\nX-Evil", "a\r\nSet-Cookie: b\n\rc"},
                                                  {"X-Nul", std::string("a\0b\x7f", 4)}}});
  BOOST_TEST(document ==
             "Status: 200 OK\r\n"
             "X-EchoX-Evil: aSet-Cookie: bc\r\n"
             "X-Nul: ab\r\n"
             "Content-Type: application/json\r\n"
             "Content-Length: 0\r\n"
             "\r\n");
}

BOOST_AUTO_TEST_CASE(every_status_has_a_phrase) {
  for (const int status :
       {200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 503}) {
    BOOST_TEST(cgi_document({.status = status}).find("Unknown") == std::string::npos, status);
  }
  BOOST_TEST(cgi_document({.status = 299}).starts_with("Status: 299 Unknown\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
