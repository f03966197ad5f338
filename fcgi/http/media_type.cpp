// SPDX-License-Identifier: Apache-2.0
#include "http/media_type.hpp"

#include <algorithm>
#include <cstddef>

namespace scoreboard::http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Takes the part before `separator` off the front of `rest`.
std::string_view next_part(std::string_view& rest, char separator) {
  const std::string_view part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return trimmed(part);
}

// "q=0", "q=0.0", "q=0.000": the client says it does not want it.
bool refuses(std::string_view parameter) {
  if (parameter.size() < 3 || lower(parameter[0]) != 'q' || parameter[1] != '=') return false;
  return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

bool is_media_type(std::string_view content_type, std::string_view type) {
  return equal_without_case(next_part(content_type, ';'), type);
}

bool accept_names(std::string_view accept, std::string_view type) {
  while (!accept.empty()) {
    std::string_view range = next_part(accept, ',');
    if (!equal_without_case(next_part(range, ';'), type)) continue;
    bool wanted = true;
    while (!range.empty()) {
      if (refuses(next_part(range, ';'))) wanted = false;
    }
    if (wanted) return true;
  }
  return false;
}

}  // namespace scoreboard::http
