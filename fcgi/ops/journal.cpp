// SPDX-License-Identifier: Apache-2.0
#include "ops/journal.hpp"

#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <variant>

#include "ops/json_text.hpp"

namespace scoreboard::log {
namespace {

int priority_of(Level level) {
  switch (level) {
    case Level::debug:
      return LOG_DEBUG;
    case Level::info:
      return LOG_INFO;
    case Level::warning:
      return LOG_WARNING;
    case Level::error:
      return LOG_ERR;
  }
  return LOG_ERR;
}

struct AsText {
  std::string operator()(std::string_view text) const { return std::string(text); }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const {
    std::string text;
    append_json_number(text, number);
    return text;
  }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
};

std::string variable(std::string_view name) {
  std::string capitals(name);
  std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return capitals;
}

}  // namespace

bool stderr_is_journal() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing of ours changes the environment
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat file {};
  if (stream == nullptr || fstat(STDERR_FILENO, &file) != 0) return false;
  return stream == std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino);
}

std::vector<std::string> journal_entry(std::string_view line, Level level, std::string_view event,
                                       std::span<const Field> fields) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  std::vector<std::string> entry{"MESSAGE=" + std::string(line),
                                 "PRIORITY=" + std::to_string(priority_of(level)),
                                 "EVENT=" + std::string(event)};
  for (const auto& [name, value] : fields) {
    entry.push_back(variable(name) + "=" + std::visit(AsText{}, value));
  }
  return entry;
}

bool send_to_journal(const std::vector<std::string>& entry) {
  std::vector<iovec> pieces;
  pieces.reserve(entry.size());
  for (const std::string& field : entry) {
    pieces.push_back({.iov_base = const_cast<char*>(field.data()), .iov_len = field.size()});
  }
  return sd_journal_sendv(pieces.data(), static_cast<int>(pieces.size())) == 0;
}

}  // namespace scoreboard::log
