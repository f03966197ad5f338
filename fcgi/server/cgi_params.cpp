// SPDX-License-Identifier: Apache-2.0
#include "server/cgi_params.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include "crypto/random.hpp"

namespace scoreboard::server {
namespace {

// Digits only: from_chars would take a sign.
std::optional<std::int64_t> declared_length(std::string_view text) {
  if (text.empty()) return 0;
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::int64_t length = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (fault != std::errc{}) return std::nullopt;
  return length;
}

// HTTP_X_REQUEST_TIMESTAMP -> x-request-timestamp
std::string wire_name(std::string_view variable) {
  std::string name(variable);
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    if (c == '_') return '-';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name;
}

bool is_request_id(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "1790000000.123 0.004": seconds with three decimals each.
std::optional<Timestamp> began_at(std::string_view edge_time) {
  const auto milliseconds = [](std::string_view text) -> std::optional<std::int64_t> {
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos || point == 0 || point > 10 || text.size() != point + 4) {
      return std::nullopt;
    }
    return declared_length(std::string(text.substr(0, point)) +
                           std::string(text.substr(point + 1)));
  };
  const std::size_t space = edge_time.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto now = milliseconds(edge_time.substr(0, space));
  const auto spent = milliseconds(edge_time.substr(space + 1));
  if (!now || !spent) return std::nullopt;
  return from_micros((*now - *spent) * 1000);
}

// A trace of the caller's goes on; otherwise the request begins one.
trace::Context trace_of(const http::Request& request) {
  auto context = trace::parse_traceparent(request.header("traceparent"));
  return context ? *std::move(context) : trace::Context{.trace_id = request.request_id};
}

void add_header(http::Request& request, std::string_view variable, std::string_view value) {
  const auto [header, added] = request.headers.try_emplace(wire_name(variable), value);
  // A field sent twice is one list (RFC 9110, 5.3). Where only one value makes sense the list
  // breaks the grammar, so nobody can hide a second token behind the first.
  if (!added) header->second.append(", ").append(value);
}

}  // namespace

CgiRequest read_cgi_params(const char* const* environment) {
  constexpr std::string_view http_prefix = "HTTP_";
  CgiRequest cgi;
  http::Request& request = cgi.request;
  std::string_view content_type;
  std::string_view content_length;
  for (const char* const* entry = environment; *entry != nullptr; ++entry) {
    const std::string_view pair = *entry;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = pair.substr(0, equals);
    const std::string_view value = pair.substr(equals + 1);
    if (name.starts_with(http_prefix)) {
      add_header(request, name.substr(http_prefix.size()), value);
    } else if (name == "REQUEST_METHOD") {
      request.method = value;
    } else if (name == "REQUEST_SCHEME") {
      request.scheme = value;
    } else if (name == "DOCUMENT_URI") {
      request.path = value;
    } else if (name == "QUERY_STRING") {
      request.query = value;
    } else if (name == "REMOTE_ADDR") {
      request.remote_address = value;
    } else if (name == "CONTENT_TYPE") {
      content_type = value;
    } else if (name == "CONTENT_LENGTH") {
      content_length = value;
    } else if (name == "SCOREBOARD_REQUEST_ID" && is_request_id(value)) {
      request.request_id = value;
    } else if (name == "SCOREBOARD_EDGE_TIME") {
      cgi.edge_began = began_at(value);
    }
  }
  // Nginx sends these two both ways; CGI's own variables are what it acted on.
  if (!content_type.empty()) request.headers["content-type"] = content_type;
  cgi.body_bytes_declared = declared_length(content_length);
  if (request.request_id.empty()) request.request_id = crypto::random_hex(16);
  request.trace = trace_of(request);
  return cgi;
}

}  // namespace scoreboard::server
