// SPDX-License-Identifier: Apache-2.0
// Cookies (RFC 6265), all of one kind: named "__Host-...", so that neither a subdomain nor plain
// http can set them, which a browser only takes with Secure and Path=/ and without Domain.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "http/request.hpp"

namespace scoreboard::http {

// Empty when absent or sent twice: nobody may hide one behind another.
std::string_view cookie(const Request& request, std::string_view name);

struct HostCookie {
  std::string_view name;                 // begins with "__Host-"
  std::string_view value;                // characters of a token: no ';', ',' or spaces
  std::chrono::seconds lifetime{0};      // 0 removes it
  bool for_scripts = false;              // else HttpOnly
  bool on_links_from_elsewhere = false;  // SameSite=Lax, else Strict
};

// The Set-Cookie field.
std::pair<std::string, std::string> set_cookie(const HostCookie& cookie);

}  // namespace scoreboard::http
