// SPDX-License-Identifier: Apache-2.0
#include "http/request.hpp"

#include <boost/test/unit_test.hpp>

using scoreboard::http::Request;

namespace {

std::string parameter(std::string query, std::string_view name) {
  return Request{.query = std::move(query)}.query_parameter(name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(request)

BOOST_AUTO_TEST_CASE(a_header_is_found_by_its_lower_case_name_and_absent_is_empty) {
  const Request request{.headers = {{"x-device-id", "d1"}}};
  BOOST_TEST(request.header("x-device-id") == "d1");
  BOOST_TEST(request.header("x-device") == "");
  BOOST_TEST(request.header("x-device-id2") == "");
}

BOOST_AUTO_TEST_CASE(a_query_parameter_is_found_at_either_end_and_in_the_middle) {
  BOOST_TEST(parameter("limit=5", "limit") == "5");
  BOOST_TEST(parameter("limit=5&x=1", "limit") == "5");
  BOOST_TEST(parameter("x=1&limit=5", "limit") == "5");
  BOOST_TEST(parameter("x=1&limit=5&y=2", "limit") == "5");
  BOOST_TEST(parameter("xlimit=1&limitx=2", "limit") == "");
  BOOST_TEST(parameter("", "limit") == "");
}

BOOST_AUTO_TEST_CASE(the_first_of_several_parameters_counts) {
  BOOST_TEST(parameter("limit=5&limit=6", "limit") == "5");
  BOOST_TEST(parameter("limit=&limit=6", "limit") == "");
  BOOST_TEST(parameter("limit&limit=6", "limit") == "");
}

BOOST_AUTO_TEST_CASE(escapes_are_decoded_in_names_and_values) {
  BOOST_TEST(parameter("a=%41%62%2b+c", "a") == "Ab+ c");
  BOOST_TEST(parameter("%6cimit=7", "limit") == "7");
  BOOST_TEST(parameter("a=1%262", "a") == "1&2");
  BOOST_TEST(parameter("a=b=c", "a") == "b=c");
  BOOST_TEST(parameter("a=%00x", "a") == std::string("\0x", 2));
  BOOST_TEST(parameter("a=%FF", "a") == "\xFF");
}

BOOST_AUTO_TEST_CASE(a_broken_escape_is_kept_as_it_is) {
  BOOST_TEST(parameter("a=%", "a") == "%");
  BOOST_TEST(parameter("a=%4", "a") == "%4");
  BOOST_TEST(parameter("a=%4g", "a") == "%4g");
  BOOST_TEST(parameter("a=%g4", "a") == "%g4");
  BOOST_TEST(parameter("a=%%41", "a") == "%A");
  BOOST_TEST(parameter("a=100%&b=1", "b") == "1");
}

BOOST_AUTO_TEST_CASE(stray_separators_do_no_harm) {
  BOOST_TEST(parameter("&&a=1&&", "a") == "1");
  BOOST_TEST(parameter("&", "a") == "");
  BOOST_TEST(parameter("=1&a=2", "a") == "2");
}

BOOST_AUTO_TEST_SUITE_END()
