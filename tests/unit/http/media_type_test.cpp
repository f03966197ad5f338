// SPDX-License-Identifier: Apache-2.0
#include "http/media_type.hpp"

#include <boost/test/unit_test.hpp>

using scoreboard::http::accept_names;
using scoreboard::http::is_media_type;

BOOST_AUTO_TEST_SUITE(media_type)

BOOST_AUTO_TEST_CASE(a_type_is_recognised_in_any_case_and_with_parameters) {
  for (const char* good : {"application/json", "Application/JSON", "application/json;charset=utf-8",
                           "application/json ; charset=UTF-8", " application/json"}) {
    BOOST_TEST(is_media_type(good, "application/json"), good);
  }
  for (const char* other : {"", "application/jsonx", "application/json+x", "text/json",
                            "application/ json", "text/plain; application/json",
                            "application/problem+json", "application/json, text/html"}) {
    BOOST_TEST(!is_media_type(other, "application/json"), other);
  }
}

BOOST_AUTO_TEST_CASE(an_accept_field_names_a_type_among_others) {
  BOOST_TEST(accept_names("application/json", "application/json"));
  BOOST_TEST(accept_names("text/html, Application/Json;q=0.1 , */*", "application/json"));
  BOOST_TEST(accept_names("application/json;v=1;q=0.001", "application/json"));
}

BOOST_AUTO_TEST_CASE(wildcards_and_refusals_do_not_name_a_type) {
  for (const char* other : {"", "*/*", "application/*", "application/json;q=0",
                            "application/json; Q=0.000", "application/problem+json", ",,", ";"}) {
    BOOST_TEST(!accept_names(other, "application/json"), other);
  }
}

// It was read for ever, and a worker had a thread less.
BOOST_AUTO_TEST_CASE(what_stands_behind_a_refusal_is_read_once, *boost::unit_test::timeout(10)) {
  BOOST_TEST(!accept_names("application/json;q=0;x", "application/json"));
  BOOST_TEST(!accept_names("application/json;q=0;q=1;;", "application/json"));
  BOOST_TEST(accept_names("application/json;q=0;x, application/json", "application/json"));
}

BOOST_AUTO_TEST_SUITE_END()
