// SPDX-License-Identifier: Apache-2.0
#include "ops/local_process.hpp"

#include <unistd.h>

#include <cstdint>
#include <ctime>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "ops/clock.hpp"

namespace scoreboard {
namespace {

// The kernel counts hundredths of a second, a process notes its own beginning a moment later, and
// the clock may have been corrected since.
constexpr std::chrono::seconds difference_max{2};
// proc(5): the fields of /proc/PID/stat, of which the second one is a name in brackets.
constexpr int name_field = 2;
constexpr int start_field = 22;

// Since boot; nothing if there is no such process.
std::optional<std::chrono::microseconds> start_of(long long pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text, '\0');
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  std::string passed;
  for (int field = name_field + 1; field < start_field; ++field) fields >> passed;
  std::int64_t ticks = 0;
  if (!(fields >> ticks)) return std::nullopt;
  return std::chrono::microseconds{ticks * 1'000'000 / sysconf(_SC_CLK_TCK)};
}

std::chrono::microseconds since_boot() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::seconds{now.tv_sec} +
         std::chrono::microseconds{static_cast<std::int64_t>(now.tv_nsec) / 1000};
}

}  // namespace

bool process_began_at(long long pid, Timestamp began) {
  const auto start = start_of(pid);
  if (!start) return false;
  const auto difference = SystemClock{}.now() - since_boot() + *start - began;
  return std::chrono::abs(difference) < difference_max;
}

}  // namespace scoreboard
