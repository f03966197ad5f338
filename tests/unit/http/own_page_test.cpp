// SPDX-License-Identifier: Apache-2.0
#include "http/own_page.hpp"

#include <boost/test/unit_test.hpp>

using namespace scoreboard;
using namespace scoreboard::http;

BOOST_AUTO_TEST_SUITE(own_page)

namespace {

// Empty: the field is not sent.
bool passes(const std::string& site, const std::string& origin,
            const std::string& host = "scores.example", const std::string& scheme = "https") {
  Request request{.method = "POST", .scheme = scheme};
  if (!site.empty()) request.headers["sec-fetch-site"] = site;
  if (!origin.empty()) request.headers["origin"] = origin;
  if (!host.empty()) request.headers["host"] = host;
  const auto result = from_own_page(request);
  if (!result) BOOST_TEST((result.error().code == ErrorCode::forbidden));
  return bool(result);
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_field_that_is_there_must_say_so) {
  BOOST_TEST(passes("same-origin", "https://scores.example"));
  BOOST_TEST(passes("same-origin", ""));
  BOOST_TEST(passes("", "https://scores.example"));
  BOOST_TEST(passes("", "http://127.0.0.1:8080", "127.0.0.1:8080", "http"));
}

BOOST_AUTO_TEST_CASE(whoever_tells_nothing_is_refused) {
  BOOST_TEST(!passes("", ""));
}

BOOST_AUTO_TEST_CASE(another_site_is_refused_whatever_the_other_field_says) {
  for (const char* site : {"cross-site", "same-site", "none", "Same-Origin", "same-origin, none"}) {
    BOOST_TEST(!passes(site, ""), site);
    BOOST_TEST(!passes(site, "https://scores.example"), site);
  }
  for (const char* origin :
       {"null", "https://evil.example", "http://scores.example", "https://scores.example:8443",
        "https://www.scores.example", "https://scores.example.evil.example", "scores.example",
        "https://", "https://scores.example/", "https://scores.example, https://x"}) {
    BOOST_TEST(!passes("", origin), origin);
    BOOST_TEST(!passes("same-origin", origin), origin);
  }
}

BOOST_AUTO_TEST_CASE(without_host_or_scheme_no_origin_is_ours) {
  BOOST_TEST(!passes("", "https://scores.example", "", "https"));
  BOOST_TEST(!passes("", "https://scores.example", "scores.example", ""));
  BOOST_TEST(!passes("same-origin", "https://", "", "https"));
}

BOOST_AUTO_TEST_CASE(methods_that_only_read_are_safe) {
  for (const char* method : {"GET", "HEAD", "OPTIONS"}) {
    BOOST_TEST(!is_unsafe(Request{.method = method}));
  }
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "", "get"}) {
    BOOST_TEST(is_unsafe(Request{.method = method}));
  }
}

BOOST_AUTO_TEST_SUITE_END()
