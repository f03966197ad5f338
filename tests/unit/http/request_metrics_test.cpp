// SPDX-License-Identifier: Apache-2.0
#include "http/request_metrics.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "http/router.hpp"

using namespace scoreboard;
using http::Vocabulary;

namespace {

struct Counted {
  Counted() : router(registry) {
    const auto good = [](const http::Request&) { return http::Response{}; };
    router.add({"GET", "/api/scores/me", Vocabulary::increment, good});
    router.add({"POST", "/api/scores/me", Vocabulary::increment, good});
    router.add({"GET", "/any/*", Vocabulary::increment, good});
    router.add({"GET", "/odd", Vocabulary::increment,
                [](const http::Request&) { return http::Response{.status = 418}; }});
    router.add({"GET", "/broken", Vocabulary::increment,
                [](const http::Request&) -> http::Response { throw std::runtime_error("x"); }});
  }

  std::string after(std::string method, std::string path) {
    router.handle({.method = std::move(method), .path = std::move(path), .request_id = "rid"});
    return "\n" + registry.text();
  }

  metrics::Registry registry;
  http::Router router;
};

bool counts(const std::string& text, const std::string& route, const std::string& code,
            const std::string& number) {
  const std::string line = "\nscoreboard_http_requests_total{code=\"" + code + "\",route=\"" +
                           route + "\"} " + number + "\n";
  return text.find(line) != std::string::npos;
}

bool timed(const std::string& text, const std::string& route, const std::string& number) {
  const std::string line =
      "\nscoreboard_http_request_duration_seconds_count{route=\"" + route + "\"} " + number + "\n";
  return text.find(line) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_CASE(an_answer_is_counted_for_its_route_and_status, Counted) {
  after("GET", "/api/scores/me");
  after("HEAD", "/api/scores/me");
  const std::string text = after("POST", "/api/scores/me");
  BOOST_TEST(counts(text, "/api/scores/me", "200", "3"));
  BOOST_TEST(timed(text, "/api/scores/me", "3"));
}

BOOST_FIXTURE_TEST_CASE(a_path_with_a_changing_segment_is_one_route, Counted) {
  after("GET", "/any/one");
  const std::string text = after("GET", "/any/two");
  BOOST_TEST(counts(text, "/any/*", "200", "2"));
  BOOST_TEST(text.find("one") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(unknown_paths_are_one_route_whatever_they_are, Counted) {
  after("GET", "/nothing/here");
  const std::string text = after("POST", "/\"quoted\"");
  BOOST_TEST(counts(text, "unknown", "404", "2"));
  BOOST_TEST(text.find("quoted") == std::string::npos);
  BOOST_TEST(timed(text, "others", "2"));
}

BOOST_FIXTURE_TEST_CASE(another_method_is_counted_for_the_route_of_the_path, Counted) {
  BOOST_TEST(counts(after("DELETE", "/api/scores/me"), "/api/scores/me", "405", "1"));
}

BOOST_FIXTURE_TEST_CASE(a_handler_that_throws_is_counted_as_500, Counted) {
  BOOST_TEST(counts(after("GET", "/broken"), "/broken", "500", "1"));
}

BOOST_FIXTURE_TEST_CASE(a_status_that_nobody_foresaw_is_counted_as_other, Counted) {
  BOOST_TEST(counts(after("GET", "/odd"), "/odd", "other", "1"));
}

BOOST_AUTO_TEST_CASE(a_router_without_a_registry_answers_all_the_same) {
  http::Router router;
  router.add({"GET", "/a", Vocabulary::update,
              [](const http::Request&) { return http::Response{.status = 204}; }});
  BOOST_TEST(router.handle({.method = "GET", .path = "/a"}).status == 204);
}
