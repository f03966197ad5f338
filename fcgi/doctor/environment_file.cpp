// SPDX-License-Identifier: Apache-2.0
#include "doctor/environment_file.hpp"

#include <algorithm>

namespace scoreboard::doctor {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::string_view spaces = " \t\r\n";

void pass(std::string_view& text, std::string_view what) {
  text.remove_prefix(std::min(text.find_first_not_of(what), text.size()));
}

char take(std::string_view& text) {
  const char first = text.front();
  text.remove_prefix(1);
  return first;
}

void strip_end(std::string& word) {
  word.erase(word.find_last_not_of(blanks) + 1);
}

// A comment, too, goes on after a backslash at the end of its line.
void pass_comment(std::string_view& text) {
  while (!text.empty()) {
    const char c = take(text);
    if (c == '\n') return;
    if (c == '\\' && !text.empty()) take(text);
  }
}

// After its opening quote, to behind the closing one.
void take_quoted(char quote, std::string_view& text, std::string& value) {
  while (!text.empty()) {
    const char c = take(text);
    if (c == quote) return;
    if (quote == '\'' || c != '\\' || text.empty()) {
      value += c;
      continue;
    }
    const char escaped = take(text);
    if (escaped == '\n') continue;
    if (std::string_view("\"\\`$").find(escaped) == std::string_view::npos) value += c;
    value += escaped;
  }
}

// To the end of its line, which stays.
void take_bare(std::string_view& text, std::string& value) {
  while (!text.empty() && text.front() != '\n') {
    const char c = take(text);
    if (c != '\\') {
      value += c;
    } else if (!text.empty()) {
      if (const char escaped = take(text); escaped != '\n') value += escaped;
    }
  }
  strip_end(value);
}

std::string take_value(std::string_view& text) {
  std::string value;
  for (;;) {
    pass(text, blanks);
    if (text.empty() || text.front() == '\n') return value;
    if (text.front() == '"' || text.front() == '\'') {
      take_quoted(take(text), text, value);
    } else {
      take_bare(text, value);
    }
  }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> environment_file(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> found;
  for (;;) {
    pass(text, spaces);
    if (text.empty()) return found;
    if (text.front() == '#' || text.front() == ';') {
      pass_comment(text);
      continue;
    }
    const auto end = std::min(text.find_first_of("=\n"), text.size());
    std::string name(text.substr(0, end));
    text.remove_prefix(end);
    strip_end(name);
    if (text.empty() || take(text) == '\n') continue;
    found.emplace_back(std::move(name), take_value(text));
  }
}

}  // namespace scoreboard::doctor
