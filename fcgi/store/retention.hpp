// SPDX-License-Identifier: Apache-2.0
// How long events are kept. Those accepted before a limit leave, and with them the receipts of
// their actions; scores, final standings and the journal stay, and verify() stays clean, because
// retention.events_from is raised first and tells it which events may be gone.
//
// An action counts once all the same: its own timestamp must lie within minutes of now, and no
// event leaves that is younger than a day.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "outcome/result.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard {

constexpr std::chrono::hours kept_at_least{24};

struct RetentionOptions {
  std::chrono::hours keep{0};  // at least kept_at_least, else malformed
  Timestamp now;
  bool dry_run = false;  // changes nothing, and reports what would leave
};

struct RetentionReport {
  std::int64_t events = 0;
  std::vector<std::string> months;  // PostgreSQL: the partitions that left whole
  Timestamp events_from;            // events before this moment may be gone
};

// `uri` is the owner's: `forbidden` for a role that may not do it. SQLite: a thousand events a
// transaction, and as long a rest after each as it took, so that writers are never held up; events
// leave to the minute. PostgreSQL: the partitions of this and the next two months are made, then
// those months leave that lie before the limit whole. A run that was interrupted is finished by the
// next one. unavailable when the database is away, locked for too long, or another run is at it.
Result<RetentionReport> apply_retention(const std::string& uri, const RetentionOptions& options);

}  // namespace scoreboard
