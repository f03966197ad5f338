// SPDX-License-Identifier: Apache-2.0
// The Authorization field of RFC 6750: credentials = "Bearer" 1*SP b64token.
#include <algorithm>

#include "auth/access_token.hpp"
#include "auth/compact_jws.hpp"

namespace scoreboard::auth {
namespace {

constexpr std::string_view scheme = "bearer";

Error refused(const char* cause) {
  return {.code = ErrorCode::unauthenticated, .log = std::string("authorization: ") + cause};
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_b64token(std::string_view text) {
  const auto body = text.substr(0, text.find_last_not_of('=') + 1);
  return !body.empty() && std::ranges::all_of(body, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~+/").find(c) != std::string_view::npos;
  });
}

}  // namespace

Result<std::string> bearer_token(std::string_view authorization) {
  if (authorization.empty()) return refused("absent");
  const std::string_view name = authorization.substr(0, scheme.size());
  if (!std::ranges::equal(name, scheme, {}, lower)) return refused("not the Bearer scheme");
  std::string_view rest = authorization.substr(scheme.size());
  if (!rest.starts_with(' ')) return refused("not the Bearer scheme");
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  if (rest.size() > token_bytes_max) return refused("token above 4096 bytes");
  if (!is_b64token(rest)) return refused("not one token");
  return std::string(rest);
}

}  // namespace scoreboard::auth
