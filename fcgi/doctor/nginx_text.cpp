// SPDX-License-Identifier: Apache-2.0
#include "doctor/nginx_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace scoreboard::doctor {
namespace {

constexpr std::string_view spaces = " \t\r\n";

// What follows `mark`, up to a space.
std::string word_after(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + mark.size());
  return std::string(text.substr(0, text.find_first_of(spaces)));
}

int leading_number(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string_view after_dot(std::string_view text) {
  const auto dot = text.find('.');
  return dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
}

// One word or one of ; { }, comments passed over; nothing at the end.
struct Token {
  std::string text;
  bool quoted = false;
};
std::optional<Token> next_token(std::string_view& text) {
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
    if (!text.starts_with('#')) break;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
  if (text.empty()) return std::nullopt;
  const char first = text.front();
  if (first == '"' || first == '\'') {
    const auto end = std::min(text.find(first, 1), text.size());
    Token token{.text = std::string(text.substr(1, end - 1)), .quoted = true};
    text.remove_prefix(std::min(end + 1, text.size()));
    return token;
  }
  const auto end = std::string_view(";{}").find(first) != std::string_view::npos
                       ? 1
                       : std::min(text.find_first_of(" \t\r\n;{}"), text.size());
  Token token{.text = std::string(text.substr(0, end))};
  text.remove_prefix(end);
  return token;
}

std::string joined(const std::vector<std::string>& blocks) {
  std::string text;
  for (const std::string& block : blocks) text += (text.empty() ? "" : " ") + block;
  return text;
}

}  // namespace

std::string nginx_version(std::string_view text) {
  return word_after(text, "nginx version: nginx/");
}

std::string nginx_modules(std::string_view text) {
  return word_after(text, "--modules-path=");
}

bool older(std::string_view version, std::string_view than) {
  while (!version.empty() || !than.empty()) {
    const int left = leading_number(version);
    const int right = leading_number(than);
    if (left != right) return left < right;
    version = after_dot(version);
    than = after_dot(than);
  }
  return false;
}

std::vector<Directive> directives(std::string_view text, const std::string& block) {
  std::vector<Directive> found;
  std::vector<std::string> blocks;
  if (!block.empty()) blocks.push_back(block);
  std::vector<std::string> words;
  while (const auto token = next_token(text)) {
    const bool mark = !token->quoted && token->text.size() == 1;
    if (mark && token->text == "{") {
      blocks.push_back(words.empty() ? "" : words.front());
      words.clear();
    } else if (mark && token->text == "}") {
      if (blocks.size() > (block.empty() ? 0 : 1)) blocks.pop_back();
      words.clear();
    } else if (mark && token->text == ";") {
      if (!words.empty()) {
        found.push_back({.block = joined(blocks),
                         .name = words.front(),
                         .arguments = {words.begin() + 1, words.end()}});
      }
      words.clear();
    } else {
      words.push_back(token->text);
    }
  }
  return found;
}

long open_files_limit(std::string_view limits) {
  const auto at = limits.find("Max open files");
  if (at == std::string_view::npos) return -1;
  limits.remove_prefix(at + std::string_view("Max open files").size());
  limits.remove_prefix(std::min(limits.find_first_not_of(' '), limits.size()));
  long soft = -1;
  std::from_chars(limits.data(), limits.data() + limits.size(), soft);
  return soft;
}

}  // namespace scoreboard::doctor
