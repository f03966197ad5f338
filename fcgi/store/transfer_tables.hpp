// SPDX-License-Identifier: Apache-2.0
// The tables of a board as they are moved, in this order: whoever is referred to comes first.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "outcome/error.hpp"
#include "store/connection.hpp"
#include "store/loader.hpp"

namespace scoreboard::store {

struct Table {
  std::string_view name;
  std::size_t keys = 1;  // so many of the first columns are the key by which it is read
  int rows_at_once = 0;  // in one piece
  std::vector<Column> columns;

  std::size_t index_of(std::string_view column) const;
};

const std::vector<Table>& moved_tables();
// Requires that there is one.
const Table& moved_table(std::string_view name);

constexpr std::string_view export_format = "scoreboard-export";
constexpr int export_version = 1;

struct ExportHeader {
  int schema = 0;
  std::vector<std::int64_t> rows;  // of each of moved_tables()
};

// A transfer that cannot go on; caught in export_board() and import_board().
struct TransferFault {
  Error error;
};
[[noreturn]] void refuse(const std::string& where, const std::string& reason);

long long count_rows(Connection& connection, const Table& table);
// In the order of the key, in pieces.
void each_row(Connection& connection, const Table& table,
              const std::function<void(const std::vector<Cell>&)>& row);

}  // namespace scoreboard::store
