// SPDX-License-Identifier: Apache-2.0
// Log lines as entries of systemd's journal, where each field can be asked for:
// journalctl REQUEST_ID=... -o json. Private to ops and its tests.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ops/log.hpp"

namespace scoreboard::log {

// Whether this process's standard error leads to the journal (JOURNAL_STREAM, systemd.exec(5)).
bool stderr_is_journal();

// What sd_journal_sendv(3) is given: MESSAGE with the line, PRIORITY, EVENT and each field under
// its name in capitals, as text.
std::vector<std::string> journal_entry(std::string_view line, Level level, std::string_view event,
                                       std::span<const Field> fields);

// False if the journal did not take it.
bool send_to_journal(const std::vector<std::string>& entry);

}  // namespace scoreboard::log
