// SPDX-License-Identifier: Apache-2.0
// The rows of an export, whichever way it was written.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/transfer_lines.hpp"
#include "store/transfer_tables.hpp"

namespace scoreboard::store {

// Everything throws TransferFault.
class Input {
 public:
  virtual ~Input() = default;
  virtual const ExportHeader& header() const = 0;
  // The next row and the table it belongs to; nullptr at the end. Tables come in their order.
  virtual const Table* next(std::vector<Cell>& cells) = 0;
  // Of the row that came last: its file and line.
  virtual const std::string& file() const = 0;
  virtual std::int64_t line() const = 0;
};

// `header` is the first line, which was read from `lines` already.
std::unique_ptr<Input> jsonl_input(LineReader& lines, const std::string& header);
std::unique_ptr<Input> csv_input(const std::string& directory);

}  // namespace scoreboard::store
