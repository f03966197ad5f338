// SPDX-License-Identifier: Apache-2.0
#include "ops/log.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>

#include "ops/clock.hpp"
#include "ops/journal.hpp"
#include "ops/log_line.hpp"

namespace scoreboard::log {
namespace {

std::atomic<Level> lowest_level{Level::info};

}  // namespace

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (level < lowest_level.load(std::memory_order_relaxed)) return;
  const std::string line = format_line(SystemClock{}.now(), level, event, fields);
  static const bool to_journal = stderr_is_journal();
  if (to_journal && send_to_journal(journal_entry(line, level, event, fields))) return;
  // Nothing sensible is left to do when standard error is gone: the program serves on, silently.
  while (::write(STDERR_FILENO, line.data(), line.size()) < 0 && errno == EINTR) {
  }
}

void set_level(Level level) {
  lowest_level.store(level, std::memory_order_relaxed);
}

}  // namespace scoreboard::log
