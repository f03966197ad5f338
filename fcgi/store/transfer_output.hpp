// SPDX-License-Identifier: Apache-2.0
// Where an export goes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "store/transfer_tables.hpp"

namespace scoreboard::store {

// A new file that only its owner can read, from its first byte (0600), and that is gone again
// unless it was finished; or standard output. Throws TransferFault.
class OutputFile {
 public:
  explicit OutputFile(std::string path);  // "-": standard output
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // What is appended here is written sooner or later: call spill() after each row.
  std::string& text() { return text_; }
  void spill();
  void finish();  // everything is on the disk
  void take_back() { finished_ = false; }

 private:
  void write_all();

  std::string path_;
  int descriptor_ = -1;
  bool own_ = false;
  bool finished_ = false;
  std::string text_;
};

class Output {
 public:
  virtual ~Output() = default;
  virtual void begin(const ExportHeader& header) = 0;
  virtual void row(const Table& table, const std::vector<Cell>& cells) = 0;
  virtual void finish() = 0;
};

std::unique_ptr<Output> jsonl_output(const std::string& path);
std::unique_ptr<Output> csv_output(const std::string& directory);

}  // namespace scoreboard::store
