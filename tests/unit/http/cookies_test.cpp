// SPDX-License-Identifier: Apache-2.0
#include "http/cookies.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard::http;

BOOST_AUTO_TEST_SUITE(cookies)

namespace {

std::string_view found(const Request& request) {
  return cookie(request, "__Host-a");
}

Request with(const std::string& field) {
  return {.headers = {{"cookie", field}}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(finds_a_cookie_by_its_whole_name) {
  for (const char* field : {"__Host-a=x.y-z", "b=1; __Host-a=x.y-z", "__Host-a=x.y-z;b=1",
                            "__Host-ab=1; __Host-a=x.y-z; a=2", " \t__Host-a=x.y-z"}) {
    BOOST_TEST(found(with(field)) == "x.y-z", field);
  }
  BOOST_TEST(found(with("__Host-a=x=y")) == "x=y");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_empty) {
  BOOST_TEST(found({}) == "");
  for (const char* field : {"", ";", ";;", "__Host-a", "__Host-a=", "a=1", "__host-a=1",
                            "x__Host-a=1", "b=__Host-a=1", "__Host-a =1"}) {
    BOOST_TEST(found(with(field)) == "", field);
  }
}

BOOST_AUTO_TEST_CASE(one_that_is_there_twice_is_none) {
  BOOST_TEST(found(with("__Host-a=1; __Host-a=2")) == "");
  BOOST_TEST(found(with("__Host-a=1; __Host-a=")) == "");
}

BOOST_AUTO_TEST_CASE(every_cookie_is_bound_to_the_host_and_secure) {
  BOOST_TEST(
      set_cookie({.name = "__Host-a", .value = "v", .lifetime = std::chrono::minutes{1}}).second ==
      "__Host-a=v; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Strict");
  BOOST_TEST(set_cookie({.name = "__Host-a",
                         .value = "v",
                         .lifetime = std::chrono::seconds{1},
                         .for_scripts = true,
                         .on_links_from_elsewhere = true})
                 .second == "__Host-a=v; Max-Age=1; Path=/; Secure; SameSite=Lax");
  BOOST_TEST(set_cookie({.name = "__Host-a", .value = ""}).second ==
             "__Host-a=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict");
}

BOOST_AUTO_TEST_SUITE_END()
