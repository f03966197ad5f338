// SPDX-License-Identifier: Apache-2.0
// What Nchan tells of itself (nchan_stub_status).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace scoreboard::publish {

struct NchanStatus {
  std::int64_t published = 0;  // messages since it started
  std::int64_t messages = 0;   // that it keeps now
  std::int64_t channels = 0;
  std::int64_t subscribers = 0;
  std::int64_t memory_bytes = 0;  // shared memory in use
  std::int64_t memory_bytes_max = 0;
};

// From the text of the status page, lines such as "shared memory used: 12K"; a line that is absent
// is 0. Empty when there is nothing of it in the text.
std::optional<NchanStatus> parse_nchan_status(std::string_view text);

}  // namespace scoreboard::publish
