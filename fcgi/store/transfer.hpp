// SPDX-License-Identifier: Apache-2.0
// A whole board into files and out of them, from any engine to any other (docs/moving-a-board.md):
// users with their password hashes, scores, events, the journal byte for byte. Sessions are not
// moved; everybody logs in again. A plain list of scores can be imported, too.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "board/ids.hpp"
#include "outcome/result.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard {

enum class ExportFormat : std::uint8_t {
  jsonl,  // one file: a header, then one object a line
  csv,    // a directory: one file a table (RFC 4180), and manifest.csv
};

struct TransferReport {
  std::vector<std::pair<std::string, std::int64_t>> rows;  // by table
};

// Called every few thousand rows. `total` is 0 while it is not known.
using TransferProgress =
    std::function<void(std::string_view table, std::int64_t done, std::int64_t total)>;

// Writes `path`, which must not exist: a file (0600; "-" is standard output) or a directory (0700).
// Nothing of it stays after a failure. Reads one snapshot, so the board may go on working.
// malformed when `path` cannot be written, unavailable when the database cannot be read.
Result<TransferReport> export_board(const std::string& uri, const std::string& path,
                                    ExportFormat format, const TransferProgress& progress);

// What a plain list of scores does not say about its players.
struct ScoreListRules {
  std::function<Result<void>(std::string_view username, std::string_view email)> check;
  std::function<UserId()> new_user_id;
  Timestamp now;
};

// Reads `path` ("-" is standard input) into an empty database with this program's schema; `uri` is
// the owner's. It is told from its content what `path` is: a file or a directory of export_board(),
// or a plain list: CSV with the header username,email,score, or JSON lines with these members.
//
// One transaction: everything or nothing. already_exists for a database that has users or journal
// entries; malformed, with the file and the line, for what is not such a file, not whole, or breaks
// the journal's chain; forbidden for a role that does not own the tables.
Result<TransferReport> import_board(const std::string& uri, const std::string& path,
                                    const ScoreListRules& rules, const TransferProgress& progress);

}  // namespace scoreboard
