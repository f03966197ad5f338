// SPDX-License-Identifier: Apache-2.0
// Many rows into one table, as fast as the engine takes them: COPY on PostgreSQL, one prepared
// INSERT on SQLite. For imports; whatever a request writes goes through Engine::rows().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/fault.hpp"

namespace scoreboard::store {

// A value; its column knows whether it is the number or the text.
struct Cell {
  long long number = 0;
  std::string text;
  bool null = false;
};

// A fault that may know which row it was, counted from 0 since the last flush().
class RowFault : public DriverFault {
 public:
  RowFault(const DriverFault& fault, std::optional<std::size_t> row)
      : DriverFault(fault), row_(row) {}
  std::optional<std::size_t> row() const { return row_; }

 private:
  std::optional<std::size_t> row_;
};

// Lives no longer than its connection. add() and flush() throw RowFault; then the transaction is
// lost.
class Loader {
 public:
  virtual ~Loader() = default;
  // One row, its cells in the order of the columns. It may be held back until flush().
  virtual void add(const std::vector<Cell>& cells) = 0;
  // Whether as much is held back as is worth it.
  virtual bool full() const = 0;
  virtual void flush() = 0;
};

}  // namespace scoreboard::store
