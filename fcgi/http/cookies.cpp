// SPDX-License-Identifier: Apache-2.0
#include "http/cookies.hpp"

#include <algorithm>

namespace scoreboard::http {
namespace {

std::string_view without_spaces_before(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

}  // namespace

std::string_view cookie(const Request& request, std::string_view name) {
  std::string_view rest = request.header("cookie");
  std::string_view found;
  int times = 0;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    const std::string_view pair = without_spaces_before(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    found = pair.substr(equals + 1);
    ++times;
  }
  return times == 1 ? found : std::string_view{};
}

std::pair<std::string, std::string> set_cookie(const HostCookie& cookie) {
  std::string text(cookie.name);
  text.append("=").append(cookie.value);
  text += "; Max-Age=" + std::to_string(cookie.lifetime.count()) + "; Path=/; Secure";
  if (!cookie.for_scripts) text += "; HttpOnly";
  text += cookie.on_links_from_elsewhere ? "; SameSite=Lax" : "; SameSite=Strict";
  return {"Set-Cookie", text};
}

}  // namespace scoreboard::http
