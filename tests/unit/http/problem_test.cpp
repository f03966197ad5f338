// SPDX-License-Identifier: Apache-2.0
#include "http/problem.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

#include "json/value.hpp"

using namespace scoreboard;
using http::Vocabulary;

namespace {

struct Expected {
  ErrorCode code;
  int update_status;
  const char* update_code;
  int increment_status;
  const char* increment_code;
};

// Written out once more, from the two contracts.
const Expected table[] = {
    {ErrorCode::malformed, 400, "INVALID_REQUEST", 400, "VALIDATION_ERROR"},
    {ErrorCode::payload_too_large, 413, "INVALID_REQUEST", 413, "VALIDATION_ERROR"},
    {ErrorCode::unsupported_media_type, 415, "INVALID_REQUEST", 415, "VALIDATION_ERROR"},
    {ErrorCode::not_found, 404, "NOT_FOUND", 404, "NOT_FOUND"},
    {ErrorCode::method_not_allowed, 405, "METHOD_NOT_ALLOWED", 405, "METHOD_NOT_ALLOWED"},
    {ErrorCode::unauthenticated, 401, "UNAUTHORIZED", 401, "UNAUTHENTICATED"},
    {ErrorCode::forbidden, 403, "FORBIDDEN", 403, "UNAUTHORIZED"},
    {ErrorCode::bad_signature, 403, "INVALID_SIGNATURE", 403, "UNAUTHORIZED"},
    {ErrorCode::stale_timestamp, 403, "INVALID_SIGNATURE", 403, "ABUSE_REJECTED"},
    {ErrorCode::stale_action_id, 400, "INVALID_REQUEST", 409, "ABUSE_REJECTED"},
    {ErrorCode::duplicate_action, 409, "DUPLICATE_ACTION", 409, "IDEMPOTENCY_CONFLICT"},
    {ErrorCode::idempotency_conflict, 409, "DUPLICATE_ACTION", 409, "IDEMPOTENCY_CONFLICT"},
    {ErrorCode::already_exists, 409, "CONFLICT", 409, "CONFLICT"},
    {ErrorCode::rate_limited, 429, "RATE_LIMITED", 429, "RATE_LIMITED"},
    {ErrorCode::unavailable, 503, "SERVICE_UNAVAILABLE", 503, "SERVICE_UNAVAILABLE"},
    {ErrorCode::internal, 500, "INTERNAL_ERROR", 500, "INTERNAL_ERROR"},
};

http::Request request_to(std::string path) {
  return {.method = "POST", .path = std::move(path), .request_id = "0123456789abcdef"};
}

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "(absent)";
}

json::Value parsed(const http::Response& response) {
  auto body = json::parse_object(response.body);
  BOOST_REQUIRE_MESSAGE(body, response.body);
  return *body;
}

std::string text(const json::Value& object, std::string_view key) {
  const auto member = object.find(key);
  return member && member->is_string() ? member->string() : "(absent)";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(problem)

BOOST_AUTO_TEST_CASE(every_refusal_has_the_status_and_code_of_each_contract) {
  for (const Expected& row : table) {
    const auto a = http::wire_error(row.code, Vocabulary::update);
    const auto b = http::wire_error(row.code, Vocabulary::increment);
    BOOST_TEST_CONTEXT(a.type) {
      BOOST_TEST(a.status == row.update_status);
      BOOST_TEST(a.code == row.update_code);
      BOOST_TEST(b.status == row.increment_status);
      BOOST_TEST(b.code == row.increment_code);
    }
  }
}

BOOST_AUTO_TEST_CASE(type_and_title_are_one_pair_for_both_contracts_and_never_shared) {
  std::set<std::string_view> types;
  std::set<std::string_view> titles;
  for (const Expected& row : table) {
    const auto a = http::wire_error(row.code, Vocabulary::update);
    const auto b = http::wire_error(row.code, Vocabulary::increment);
    BOOST_TEST(a.type == b.type);
    BOOST_TEST(a.title == b.title);
    BOOST_TEST(types.insert(a.type).second, a.type);
    BOOST_TEST(titles.insert(a.title).second, a.title);
    BOOST_TEST(a.title.back() == '.');
  }
  BOOST_TEST(types.size() == 16u);
}

BOOST_AUTO_TEST_CASE(the_body_serves_both_contracts_and_rfc_9457) {
  const auto response = http::problem({.code = ErrorCode::malformed,
                                       .log = "for the operator only",
                                       .field = "timestamp",
                                       .reason = "is required"},
                                      Vocabulary::update, request_to("/api/scores/update"));
  BOOST_TEST(response.status == 400);
  BOOST_TEST(response.body ==
             R"({"type":"/problems#malformed",)"
             R"("title":"The request is missing something or is malformed.",)"
             R"("status":400,"detail":"timestamp is required","instance":"/api/scores/update",)"
             R"("success":false,"code":"INVALID_REQUEST",)"
             R"("message":"The request is missing something or is malformed.",)"
             R"("details":{"field":"timestamp","reason":"is required"},)"
             R"("error":{"code":"INVALID_REQUEST",)"
             R"("message":"The request is missing something or is malformed."},)"
             R"("request_id":"0123456789abcdef"})");
  BOOST_TEST(response.log_code == "INVALID_REQUEST");
  BOOST_TEST(response.log_reason == "for the operator only");
}

BOOST_AUTO_TEST_CASE(what_is_meant_for_the_log_never_reaches_the_client) {
  for (const Expected& row : table) {
    for (const auto vocabulary : {Vocabulary::update, Vocabulary::increment}) {
      const auto response =
          http::problem({.code = row.code, .log = "SECRET CAUSE"}, vocabulary, request_to("/x"));
      BOOST_TEST(response.body.find("SECRET") == std::string::npos);
      for (const auto& [name, value] : response.headers) {
        BOOST_TEST(value.find("SECRET") == std::string::npos, name);
      }
      BOOST_TEST(text(parsed(response), "code") == response.log_code);
    }
  }
}

BOOST_AUTO_TEST_CASE(details_is_always_an_object) {
  const auto details = [](const Error& error, std::string_view further) {
    const auto response = http::problem(error, Vocabulary::increment, request_to("/x"), further);
    const auto member = parsed(response).find("details");
    BOOST_REQUIRE(member);
    BOOST_TEST(member->is_object());
    const auto start = response.body.find("\"details\":") + 10;
    return response.body.substr(start, response.body.find(",\"error\":") - start);
  };
  const Error bare{.code = ErrorCode::unavailable, .log = ""};
  const Error full{.code = ErrorCode::malformed, .log = "", .field = "f", .reason = "r"};
  BOOST_TEST(details(bare, "") == "{}");
  BOOST_TEST(details(bare, "{}") == "{}");
  BOOST_TEST(details(bare, R"({"a":1})") == R"({"a":1})");
  BOOST_TEST(details(full, "{}") == R"({"field":"f","reason":"r"})");
  BOOST_TEST(details(full, R"({"a":1})") == R"({"field":"f","reason":"r","a":1})");
}

BOOST_AUTO_TEST_CASE(no_refusal_is_logged_without_a_reason) {
  const auto reason = [](const Error& error) {
    return http::problem(error, Vocabulary::update, request_to("/x")).log_reason;
  };
  BOOST_TEST(reason({.code = ErrorCode::not_found, .log = "why", .reason = "told"}) == "why");
  BOOST_TEST(reason({.code = ErrorCode::malformed, .log = "", .field = "f", .reason = "r"}) ==
             "f r");
  BOOST_TEST(reason({.code = ErrorCode::not_found, .log = ""}) ==
             "There is nothing at this address.");
}

BOOST_AUTO_TEST_CASE(the_detail_says_which_field_and_what_is_wrong) {
  const auto detail = [](std::string field, std::string reason) {
    return text(parsed(http::problem({.code = ErrorCode::already_exists,
                                      .log = "",
                                      .field = std::move(field),
                                      .reason = std::move(reason)},
                                     Vocabulary::increment, request_to("/x"))),
                "detail");
  };
  BOOST_TEST(detail("", "") == "This name or address is already taken.");
  BOOST_TEST(detail("", "try another") == "try another");
  BOOST_TEST(detail("email", "") == "email: This name or address is already taken.");
  BOOST_TEST(detail("email", "is taken") == "email is taken");
}

BOOST_AUTO_TEST_CASE(a_client_that_asks_for_plain_json_gets_it) {
  const auto type_for = [](const std::string& accept) {
    auto request = request_to("/x");
    if (!accept.empty()) request.headers["accept"] = accept;
    return http::problem({.code = ErrorCode::not_found, .log = ""}, Vocabulary::update, request)
        .content_type;
  };
  BOOST_TEST(type_for("") == "application/problem+json");
  BOOST_TEST(type_for("*/*") == "application/problem+json");
  BOOST_TEST(type_for("application/json") == "application/json");
  BOOST_TEST(type_for("application/json, text/plain, */*") == "application/json");
  BOOST_TEST(type_for("application/json, application/problem+json") == "application/problem+json");
  BOOST_TEST(type_for("application/json, application/problem+json;q=0") == "application/json");
}

BOOST_AUTO_TEST_CASE(a_refusal_that_passes_says_when_to_come_back) {
  const auto after = [](ErrorCode code, std::optional<std::chrono::seconds> wait) {
    return header(http::problem({.code = code, .log = "", .retry_after = wait},
                                Vocabulary::increment, request_to("/x")),
                  "Retry-After");
  };
  BOOST_TEST(after(ErrorCode::rate_limited, std::chrono::seconds{42}) == "42");
  BOOST_TEST(after(ErrorCode::rate_limited, std::chrono::seconds{0}) == "1");
  BOOST_TEST(after(ErrorCode::rate_limited, std::nullopt) == "1");
  BOOST_TEST(after(ErrorCode::unavailable, std::nullopt) == "1");
  BOOST_TEST(after(ErrorCode::malformed, std::nullopt) == "(absent)");
}

BOOST_AUTO_TEST_CASE(an_unbelieved_caller_is_challenged) {
  auto request = request_to("/x");
  const Error error{.code = ErrorCode::unauthenticated, .log = ""};
  BOOST_TEST(header(http::problem(error, Vocabulary::update, request), "WWW-Authenticate") ==
             "Bearer realm=\"scoreboard\"");
  request.headers["authorization"] = "Bearer x";
  BOOST_TEST(header(http::problem(error, Vocabulary::update, request), "WWW-Authenticate") ==
             "Bearer realm=\"scoreboard\", error=\"invalid_token\"");
  const Error other{.code = ErrorCode::forbidden, .log = ""};
  BOOST_TEST(header(http::problem(other, Vocabulary::update, request), "WWW-Authenticate") ==
             "(absent)");
}

BOOST_AUTO_TEST_CASE(a_hostile_path_stays_inside_its_string) {
  const auto response = http::problem({.code = ErrorCode::not_found, .log = ""},
                                      Vocabulary::increment, request_to("/\"},\r\n\xff"));
  BOOST_TEST(text(parsed(response), "instance") == "/\"},\r\n\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_SUITE_END()
