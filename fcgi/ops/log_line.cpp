// SPDX-License-Identifier: Apache-2.0
#include "ops/log_line.hpp"

#include <variant>

#include "ops/json_text.hpp"
#include "ops/time_text.hpp"

namespace scoreboard::log {
namespace {

constexpr std::string_view truncated_mark = ",\"truncated\":true";
constexpr std::string_view line_end = "}\n";

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "error";
}

void append_text(std::string& out, std::string_view text) {
  if (text.size() <= text_bytes_max) {
    append_json_string(out, text);
    return;
  }
  // A character that is cut in two would become U+FFFD; step back to where it begins.
  std::size_t end = text_bytes_max;
  for (int back = 0; back < 3 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80; ++back) {
    --end;
  }
  append_json_string(out, std::string(text.substr(0, end)) + "\xE2\x80\xA6");  // U+2026
}

struct AppendValue {
  std::string& out;
  void operator()(std::string_view text) const { append_text(out, text); }
  void operator()(std::int64_t number) const { out += std::to_string(number); }
  void operator()(double number) const { append_json_number(out, number); }
  void operator()(bool flag) const { out += flag ? "true" : "false"; }
};

}  // namespace

std::string format_line(Timestamp at, Level level, std::string_view event,
                        std::span<const Field> fields) {
  std::string line = "{\"time\":\"" + to_rfc3339(at) + "\",\"level\":\"";
  line += name_of(level);
  line += "\",\"event\":";
  // The event's name is a word of ours; a stranger's text belongs into a field. Cut all the same.
  append_json_string(line, event.substr(0, 128));

  bool truncated = false;
  std::string field;
  for (const auto& [name, value] : fields) {
    field = ",";
    append_json_string(field, name.substr(0, 128));
    field.push_back(':');
    std::visit(AppendValue{field}, value);
    if (line.size() + field.size() + truncated_mark.size() + line_end.size() > line_bytes_max) {
      truncated = true;
      continue;
    }
    line += field;
  }
  if (truncated) line += truncated_mark;
  line += line_end;
  return line;
}

}  // namespace scoreboard::log
