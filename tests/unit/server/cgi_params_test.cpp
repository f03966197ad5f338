// SPDX-License-Identifier: Apache-2.0
#include "server/cgi_params.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace scoreboard;

namespace {

server::CgiRequest read(std::vector<const char*> environment) {
  environment.push_back(nullptr);
  return server::read_cgi_params(environment.data());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cgi_params)

BOOST_AUTO_TEST_CASE(the_variables_of_nginx_become_a_request) {
  const auto cgi = read({"FCGI_ROLE=RESPONDER", "REQUEST_METHOD=POST", "DOCUMENT_URI=/api/x",
                         "REQUEST_URI=/api/x?a=b", "QUERY_STRING=a=b&c=d", "REMOTE_ADDR=192.0.2.1",
                         "REQUEST_SCHEME=https", "CONTENT_TYPE=application/json",
                         "CONTENT_LENGTH=12", "HTTP_X_REQUEST_TIMESTAMP=1700000000", "HTTP_HOST=h",
                         "HTTP_EMPTY=", "SCOREBOARD_REQUEST_ID=00112233445566778899aabbccddeeff"});
  const http::Request& request = cgi.request;
  BOOST_TEST(request.method == "POST");
  BOOST_TEST(request.path == "/api/x");
  BOOST_TEST(request.query == "a=b&c=d");
  BOOST_TEST(request.remote_address == "192.0.2.1");
  BOOST_TEST(request.scheme == "https");
  BOOST_TEST(request.header("x-request-timestamp") == "1700000000");
  BOOST_TEST(request.header("host") == "h");
  BOOST_TEST(request.header("content-type") == "application/json");
  BOOST_TEST(request.headers.size() == 4u);
  BOOST_TEST(request.request_id == "00112233445566778899aabbccddeeff");
  BOOST_TEST(cgi.body_bytes_declared.value() == 12);
}

BOOST_AUTO_TEST_CASE(a_request_id_that_is_not_nginx_s_is_replaced_by_one_of_our_own) {
  const auto id = [](const char* variable) { return read({variable}).request.request_id; };
  for (const char* bad : {"SCOREBOARD_REQUEST_ID=", "X=1", "SCOREBOARD_REQUEST_ID=0123",
                          "SCOREBOARD_REQUEST_ID=00112233445566778899AABBCCDDEEFF",
                          "SCOREBOARD_REQUEST_ID=00112233445566778899aabbccddeeff0",
                          "HTTP_SCOREBOARD_REQUEST_ID=00112233445566778899aabbccddeeff"}) {
    const std::string made = id(bad);
    BOOST_TEST(made.size() == 32u, bad);
    BOOST_TEST(made.find_first_not_of("0123456789abcdef") == std::string::npos);
    BOOST_TEST(made != "00112233445566778899aabbccddeeff");
  }
  BOOST_TEST(id("X=1") != id("X=1"));
}

BOOST_AUTO_TEST_CASE(a_trace_of_the_caller_goes_on_and_otherwise_the_request_begins_one) {
  const char* const id = "SCOREBOARD_REQUEST_ID=00112233445566778899aabbccddeeff";
  const auto theirs =
      read({"HTTP_TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", id});
  BOOST_TEST(theirs.request.trace.trace_id == "0af7651916cd43dd8448eb211c80319c");
  BOOST_TEST(theirs.request.trace.span_id == "b7ad6b7169203331");
  const auto ours = read({"HTTP_TRACEPARENT=00-x-y-01", id});
  BOOST_TEST(ours.request.trace.trace_id == "00112233445566778899aabbccddeeff");
  BOOST_TEST(ours.request.trace.span_id.empty());
  BOOST_TEST(!ours.request.trace.sampled);
}

BOOST_AUTO_TEST_CASE(nginx_tells_when_it_began) {
  const auto began = [](const char* variable) { return read({variable}).edge_began; };
  BOOST_TEST(to_micros(*began("SCOREBOARD_EDGE_TIME=1790000000.123 0.004")) == 1790000000119000);
  BOOST_TEST(to_micros(*began("SCOREBOARD_EDGE_TIME=1790000000.003 10.004")) == 1789999989999000);
  for (const char* bad :
       {"X=1", "SCOREBOARD_EDGE_TIME=", "SCOREBOARD_EDGE_TIME=1790000000.123",
        "SCOREBOARD_EDGE_TIME=1790000000.1 0.004", "SCOREBOARD_EDGE_TIME=- 0.004",
        "SCOREBOARD_EDGE_TIME=1790000000.12a 0.004", "SCOREBOARD_EDGE_TIME=.123 0.004",
        "SCOREBOARD_EDGE_TIME=17900000000000.123 0.004",
        "HTTP_SCOREBOARD_EDGE_TIME=1790000000.123 0.004"}) {
    BOOST_TEST(!began(bad), bad);
  }
}

BOOST_AUTO_TEST_CASE(a_length_is_digits_only) {
  const auto declared = [](const char* variable) { return read({variable}).body_bytes_declared; };
  BOOST_TEST(declared("X=1").value() == 0);
  BOOST_TEST(declared("CONTENT_LENGTH=").value() == 0);
  BOOST_TEST(declared("CONTENT_LENGTH=0").value() == 0);
  BOOST_TEST(declared("CONTENT_LENGTH=9223372036854775807").value() == 9223372036854775807);
  for (const char* bad : {"CONTENT_LENGTH=-1", "CONTENT_LENGTH=+1", "CONTENT_LENGTH= 1",
                          "CONTENT_LENGTH=1 ", "CONTENT_LENGTH=0x10", "CONTENT_LENGTH=1e3",
                          "CONTENT_LENGTH=abc", "CONTENT_LENGTH=9223372036854775808"}) {
    BOOST_TEST(!declared(bad).has_value(), bad);
  }
}

BOOST_AUTO_TEST_CASE(a_field_sent_twice_is_one_list) {
  const auto cgi = read({"HTTP_AUTHORIZATION=Bearer a", "HTTP_AUTHORIZATION=Bearer b"});
  BOOST_TEST(cgi.request.header("authorization") == "Bearer a, Bearer b");
}

BOOST_AUTO_TEST_CASE(cgi_s_own_content_type_wins_over_the_copy_among_the_headers) {
  const auto cgi = read({"CONTENT_TYPE=application/json", "HTTP_CONTENT_TYPE=text/plain"});
  BOOST_TEST(cgi.request.header("content-type") == "application/json");
}

BOOST_AUTO_TEST_CASE(what_is_no_pair_is_passed_over) {
  const auto cgi = read({"REQUEST_METHOD", "=", "HTTP_", "REQUEST_METHOD=GET"});
  BOOST_TEST(cgi.request.method == "GET");
  BOOST_TEST(cgi.request.headers.empty());
}

BOOST_AUTO_TEST_SUITE_END()
