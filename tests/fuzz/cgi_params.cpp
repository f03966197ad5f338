// SPDX-License-Identifier: Apache-2.0
// From CGI variables to a request, through the router, to a CGI document: whatever is sent, the
// request has an id, and the answer is one document whose fields nobody else wrote. The input is
// NAME=value, NAME=value, ... with NUL between, as an environment cannot hold one.
#include "server/cgi_params.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/property.hpp"
#include "http/body.hpp"
#include "http/cookies.hpp"
#include "http/media_type.hpp"
#include "http/own_page.hpp"
#include "http/router.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "ops/utf8.hpp"
#include "server/cgi_response.hpp"

namespace scoreboard::fuzz {
namespace {

using http::Request;
using http::Response;

// What endpoints do with a request, all at once: the answer quotes what the client said.
Response quoted(const Request& request) {
  json::Writer writer;
  writer.begin_object();
  writer.key("segment").string(request.last_segment());
  for (const char* name : {"limit", "period", "at", "after", ""}) {
    writer.key(name).string(request.query_parameter(name));
  }
  writer.key("cookie").string(http::cookie(request, "__Host-scoreboard"));
  writer.key("own").boolean(static_cast<bool>(http::from_own_page(request)));
  writer.end_object();
  Response response{.body = std::move(writer).take()};
  response.headers.emplace_back("X-Quoted", request.header("user-agent"));
  return response;
}

Response body_of(const Request& request) {
  auto body = http::json_body(request);
  if (!body) return http::problem(body.error(), http::Vocabulary::update, request);
  return {.status = 201};
}

http::Router router() {
  http::Router made;
  made.add({"GET", "/any/*", http::Vocabulary::increment, quoted});
  made.add({"POST", "/body", http::Vocabulary::update, body_of});
  return made;
}

std::vector<std::string> variables(std::string_view text) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    found.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

bool is_field_name(std::string_view name) {
  return std::ranges::none_of(name, [](char c) { return c == '_' || (c >= 'A' && c <= 'Z'); });
}

void a_request_has_its_form(const server::CgiRequest& cgi) {
  const Request& request = cgi.request;
  must(request.request_id.size() == 32 &&
           request.request_id.find_first_not_of("0123456789abcdef") == std::string::npos,
       "every request has an id of our form");
  must(cgi.body_bytes_declared.value_or(0) >= 0, "no body is shorter than empty");
  for (const auto& [name, value] : request.headers) {
    must(is_field_name(name), "a field's name is in lower case with dashes");
    must(request.header(name) == value, "a field is found by its name");
  }
}

void an_answer_is_one_document(const Request& request, const Response& response) {
  must(response.status != 500, "no handler throws");
  const std::string document = server::cgi_document(response);
  const auto head_end = document.find("\r\n\r\n");
  must(head_end != std::string::npos, "there is a head");
  const std::string_view head = std::string_view(document).substr(0, head_end + 2);
  const auto lines = static_cast<std::size_t>(std::ranges::count(head, '\n'));
  // Status, Content-Type and Content-Length besides those of the response.
  must(lines == response.headers.size() + 3, "as many fields as were set");
  must(static_cast<std::size_t>(std::ranges::count(head, '\r')) == lines, "no line within a line");
  must(head.find("X-Request-Id: " + request.request_id) != std::string_view::npos,
       "the answer has the request's id");
  const std::string_view body = std::string_view(document).substr(head_end + 4);
  must(body == response.body, "the body follows the head");
  if (!body.empty()) must(is_utf8(body), "the body is UTF-8");
  // "\u0000" is for the strict reader of requests to refuse; a path may have had one.
  if (response.status != 200) {
    must(static_cast<bool>(json::parse_object(body)) || response.status == 201,
         "a refusal is strict JSON");
  }
}

}  // namespace
}  // namespace scoreboard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace scoreboard;
  const auto pairs = fuzz::variables(fuzz::text_of(data, size));
  std::vector<const char*> environment;
  for (const std::string& pair : pairs) environment.push_back(pair.c_str());
  environment.push_back(nullptr);

  server::CgiRequest cgi = server::read_cgi_params(environment.data());
  fuzz::a_request_has_its_form(cgi);
  for (const auto& [name, value] : cgi.request.headers) {
    fuzz::must(!http::accept_names(value, "a/b") || value.find("a/b") != std::string::npos ||
                   value.find("A/B") != std::string::npos ||
                   value.find("a/B") != std::string::npos || value.find("A/b") != std::string::npos,
               "what an Accept names stands in it");
  }
  cgi.request.body = std::string(cgi.request.header("body"));
  cgi.request.body_length_wrong = !cgi.body_bytes_declared;
  static const http::Router router = fuzz::router();
  fuzz::an_answer_is_one_document(cgi.request, router.handle(cgi.request));
  return 0;
}
