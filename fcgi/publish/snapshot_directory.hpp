// SPDX-License-Identifier: Apache-2.0
// The board as files that the edge serves by itself, even when every worker and the database are
// gone: a-1.json ... a-10.json (contract A, by limit) and b-1.json ... b-50.json (contract B).
//
// Each file is written beside and renamed, so a reader sees one board or the next, never a half.
// Nginx makes the ETag of a file from its modification time in whole seconds and its size, and two
// boards of one second are often of one size: therefore the modification time carries the board's
// version, in seconds since the epoch, and the edge does not send it as Last-Modified.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "outcome/result.hpp"
#include "store/store.hpp"

namespace scoreboard::publish {

class SnapshotDirectory {
 public:
  static constexpr std::size_t limit_a_max = 10;
  static constexpr std::size_t limit_b_max = 50;

  explicit SnapshotDirectory(std::filesystem::path directory);
  // Writes what changed since the last call. unavailable when a file cannot be written.
  Result<void> write(const BoardView& view);

 private:
  Result<void> put(const std::string& name, std::string content, JournalSeq version);

  std::filesystem::path directory_;
  std::map<std::string, std::string> written_;
};

}  // namespace scoreboard::publish
