// SPDX-License-Identifier: Apache-2.0
// Rows on their way from a file into a table: a Loader that knows from which line each row came.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "store/transfer_tables.hpp"

namespace scoreboard::store {

// Throws TransferFault with the line for a row that the table does not take, DriverFault when the
// database fails.
class Load {
 public:
  Load(Connection& connection, const Table& table, std::string file);

  void add(const std::vector<Cell>& cells, std::int64_t line);
  bool full() const { return loader_->full(); }
  void flush();
  const Table& table() const { return table_; }

 private:
  template <class Work>
  void guarded(Work work);

  const Table& table_;
  std::string file_;
  std::unique_ptr<Loader> loader_;
  std::vector<std::int64_t> lines_;  // since the last flush
};

}  // namespace scoreboard::store
