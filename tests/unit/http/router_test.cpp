// SPDX-License-Identifier: Apache-2.0
#include "http/router.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "json/value.hpp"

using namespace scoreboard;
using http::Vocabulary;

namespace {

http::Router router() {
  http::Router made;
  made.add({"GET", "/a", Vocabulary::update,
            [](const http::Request& request) { return http::Response{.body = request.method}; }});
  made.add({"POST", "/a", Vocabulary::update,
            [](const http::Request&) { return http::Response{.status = 201, .body = "posted"}; }});
  made.add({"POST", "/b", Vocabulary::update, [](const http::Request&) -> http::Response {
              throw std::runtime_error("secret cause");
            }});
  made.add({"POST", "/c", Vocabulary::increment,
            [](const http::Request&) -> http::Response { throw 7; }});
  made.add({"GET", "/any/*", Vocabulary::increment,
            [](const http::Request& request) { return http::Response{.body = request.method}; }});
  made.add({"GET", "/cached", Vocabulary::increment, [](const http::Request&) {
              return http::Response{.headers = {{"cache-control", "max-age=1"}}};
            }});
  return made;
}

http::Response answer(std::string method, std::string path) {
  return router().handle(
      {.method = std::move(method), .path = std::move(path), .request_id = "rid"});
}

int count(const http::Response& response, std::string_view name, std::string_view value) {
  int found = 0;
  for (const auto& [key, text] : response.headers) found += key == name && text == value;
  return found;
}

std::string code(const http::Response& response) {
  auto body = json::parse_object(response.body);
  BOOST_REQUIRE(body);
  return body->find("code")->string();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(router_of_exact_paths)

BOOST_AUTO_TEST_CASE(path_and_method_choose_the_handler) {
  BOOST_TEST(answer("GET", "/a").body == "GET");
  BOOST_TEST(answer("POST", "/a").status == 201);
}

BOOST_AUTO_TEST_CASE(head_is_answered_as_get) {
  const auto response = answer("HEAD", "/a");
  BOOST_TEST(response.status == 200);
  BOOST_TEST(response.body == "HEAD");
  BOOST_TEST(answer("HEAD", "/b").status == 405);
}

BOOST_AUTO_TEST_CASE(an_unknown_path_is_404) {
  for (const char* path : {"/", "", "/a/", "/A", "/ab", "//a"}) {
    const auto response = answer("GET", path);
    BOOST_TEST(response.status == 404, path);
    BOOST_TEST(code(response) == "NOT_FOUND");
  }
}

// GET /api/leaderboard/around/%80 was 500 where PostgreSQL was asked for such a player.
BOOST_AUTO_TEST_CASE(a_path_that_is_no_utf8_is_404_before_a_database_hears_of_it) {
  BOOST_TEST(answer("GET", "/any/\xc3\xa9").body == "GET");
  for (const char* path : {"/any/\x80", "/any/\xc0\xaf", "/any/\xed\xa0\x80", "/any/a\xff"}) {
    BOOST_TEST(answer("GET", path).status == 404);
  }
}

BOOST_AUTO_TEST_CASE(another_method_is_405_and_told_which_there_are) {
  const auto response = answer("DELETE", "/a");
  BOOST_TEST(response.status == 405);
  BOOST_TEST(count(response, "Allow", "GET, HEAD, POST") == 1);
  BOOST_TEST(count(answer("GET", "/b"), "Allow", "POST") == 1);
  BOOST_TEST(answer("get", "/a").status == 405);
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_answered_500_in_the_words_of_the_route) {
  for (const char* path : {"/b", "/c"}) {
    const auto response = answer("POST", path);
    BOOST_TEST(response.status == 500);
    BOOST_TEST(code(response) == "INTERNAL_ERROR");
    BOOST_TEST(response.body.find("secret") == std::string::npos);
    BOOST_TEST(count(response, "X-Request-Id", "rid") == 1);
  }
  BOOST_TEST(answer("POST", "/b").log_reason == "handler threw: secret cause");
}

BOOST_AUTO_TEST_CASE(every_answer_has_the_request_id_and_is_not_stored_unless_it_says_so) {
  for (const auto& response :
       {answer("GET", "/a"), answer("GET", "/x"), answer("PUT", "/a"), answer("POST", "/b")}) {
    BOOST_TEST(count(response, "X-Request-Id", "rid") == 1);
    BOOST_TEST(count(response, "Cache-Control", "no-store") == 1);
  }
  const auto cached = answer("GET", "/cached");
  BOOST_TEST(count(cached, "cache-control", "max-age=1") == 1);
  BOOST_TEST(count(cached, "Cache-Control", "no-store") == 0);
}

BOOST_AUTO_TEST_CASE(a_body_of_another_length_than_declared_is_refused_in_the_words_of_the_route) {
  const auto refused = [](std::string path) {
    return router().handle(
        {.method = "POST", .path = std::move(path), .body = "{}", .body_length_wrong = true});
  };
  BOOST_TEST(refused("/a").status == 400);
  BOOST_TEST(code(refused("/a")) == "INVALID_REQUEST");
  BOOST_TEST(code(refused("/c")) == "VALIDATION_ERROR");
  BOOST_TEST(refused("/x").status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
