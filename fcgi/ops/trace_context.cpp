// SPDX-License-Identifier: Apache-2.0
#include "ops/trace_context.hpp"

#include <charconv>
#include <cstdint>
#include <random>

namespace scoreboard::trace {
namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t known_size = 55;  // "vv-" 32 digits "-" 16 digits "-ff"

bool is_hex(std::string_view text) {
  return text.find_first_not_of(digits) == std::string_view::npos;
}

bool is_id(std::string_view text) {
  return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

std::uint32_t hex_value(std::string_view text) {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return value;
}

}  // namespace

std::optional<Context> parse_traceparent(std::string_view field) {
  if (field.size() < known_size) return std::nullopt;
  const std::string_view version = field.substr(0, 2);
  const std::string_view trace_id = field.substr(3, 32);
  const std::string_view span_id = field.substr(36, 16);
  const std::string_view flags = field.substr(53, 2);
  if (field[2] != '-' || field[35] != '-' || field[52] != '-') return std::nullopt;
  if (!is_hex(version) || version == "ff" || !is_hex(flags)) return std::nullopt;
  if (!is_id(trace_id) || !is_id(span_id)) return std::nullopt;
  if (field.size() > known_size && (version == "00" || field[known_size] != '-')) {
    return std::nullopt;
  }
  return Context{.trace_id = std::string(trace_id),
                 .span_id = std::string(span_id),
                 .sampled = (hex_value(flags) & 1U) != 0};
}

std::string to_traceparent(const Context& context) {
  return "00-" + context.trace_id + "-" + context.span_id + (context.sampled ? "-01" : "-00");
}

std::string new_span_id() {
  thread_local std::mt19937_64 random{(std::uint64_t{std::random_device{}()} << 32) |
                                      std::random_device{}()};
  std::uint64_t number = 0;
  while (number == 0) number = random();
  std::string id;
  for (int shift = 60; shift >= 0; shift -= 4) id.push_back(digits[(number >> shift) & 15]);
  return id;
}

bool chosen(std::string_view trace_id, int permille) {
  // The last digits: those which level 2 of the specification wants to be random.
  const std::string_view last = trace_id.substr(trace_id.size() < 7 ? 0 : trace_id.size() - 7);
  return hex_value(last) % 1000 < static_cast<std::uint32_t>(permille);
}

}  // namespace scoreboard::trace
