// SPDX-License-Identifier: Apache-2.0
#include "server/cgi_response.hpp"

#include <string_view>

namespace scoreboard::server {
namespace {

// Nginx repeats the status line as it gets it, so the phrase is what clients see.
std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Unknown";
  }
}

void append_field(std::string& document, std::string_view name, std::string_view value) {
  const auto append_clean = [&](std::string_view text) {
    for (const char c : text) {
      if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) document += c;
    }
  };
  append_clean(name);
  document += ": ";
  append_clean(value);
  document += "\r\n";
}

}  // namespace

std::string cgi_document(const http::Response& response) {
  std::string document;
  document.reserve(512 + response.body.size());
  append_field(document, "Status",
               std::to_string(response.status) + " " + std::string(reason_phrase(response.status)));
  for (const auto& [name, value] : response.headers) append_field(document, name, value);
  // 204 and 304 have no body, and saying so in another way than the status confuses caches.
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) {
    if (!response.content_type.empty()) {
      append_field(document, "Content-Type", response.content_type);
    }
    append_field(document, "Content-Length", std::to_string(response.body.size()));
  }
  document += "\r\n";
  if (!bodiless) document += response.body;
  return document;
}

}  // namespace scoreboard::server
