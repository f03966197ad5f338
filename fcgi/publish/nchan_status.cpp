// SPDX-License-Identifier: Apache-2.0
#include "publish/nchan_status.hpp"

#include <charconv>
#include <utility>

namespace scoreboard::publish {
namespace {

// "12K" is 12 * 1024: Nchan writes sizes in whole KiB.
std::int64_t number_of(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || value < 0) return 0;
  constexpr std::int64_t largest = std::int64_t{1} << 50;  // no host has as much
  if (value > largest) return largest;
  const bool kilobytes = end != text.data() + text.size() && *end == 'K';
  return kilobytes ? value * 1024 : value;
}

}  // namespace

std::optional<NchanStatus> parse_nchan_status(std::string_view text) {
  NchanStatus status;
  const std::pair<std::string_view, std::int64_t*> wanted[] = {
      {"total published messages", &status.published},
      {"stored messages", &status.messages},
      {"shared memory used", &status.memory_bytes},
      {"shared memory limit", &status.memory_bytes_max},
      {"channels", &status.channels},
      {"subscribers", &status.subscribers},
  };
  bool any = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    for (const auto& [name, into] : wanted) {
      if (line.substr(0, colon) != name) continue;
      *into = number_of(line.substr(colon + 1));
      any = true;
    }
  }
  if (!any) return std::nullopt;
  return status;
}

}  // namespace scoreboard::publish
