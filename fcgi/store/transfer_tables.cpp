// SPDX-License-Identifier: Apache-2.0
#include "store/transfer_tables.hpp"

#include <stdexcept>

namespace scoreboard::store {
namespace {

constexpr auto text = Column::Type::text;
constexpr int narrow = 20000;
constexpr int wide = 200;  // a journal entry may have a hundred kilobytes

// "a, b" or ":a, :b"
std::string list(const Table& table, std::size_t columns, std::string_view before) {
  std::string names;
  for (std::size_t i = 0; i < columns; ++i) {
    if (i > 0) names += ", ";
    names += before;
    names += table.columns[i].name;
  }
  return names;
}

std::string select_piece(const Table& table) {
  std::string columns;
  for (const Column& column : table.columns) {
    if (!columns.empty()) columns += ", ";
    const std::string name(column.name);
    columns += column.nullable ? "coalesce(" + name + ", '')" : name;
  }
  return "SELECT " + columns + " FROM " + std::string(table.name) + " WHERE (" +
         list(table, table.keys, "") + ") > (" + list(table, table.keys, ":") + ") ORDER BY " +
         list(table, table.keys, "") + " LIMIT :most";
}

}  // namespace

std::size_t Table::index_of(std::string_view column) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column) return i;
  }
  throw std::logic_error("no such column: " + std::string(column));
}

const std::vector<Table>& moved_tables() {
  static const std::vector<Table> tables = {
      {"users",
       1,
       narrow,
       {{"id"},
        {"public_id", text},
        {"reference", text},
        {"username", text},
        {"username_key", text},
        {"email", text},
        {"email_key", text, true},
        {"display_name", text},
        {"password_hash", text},
        {"request_id", text},
        {"created_at"}}},
      {"identities", 1, narrow, {{"user_id"}, {"issuer", text}, {"subject", text}, {"created_at"}}},
      {"players", 1, narrow, {{"user_id"}, {"event_number"}}},
      {"scores", 3, narrow, {{"board_id"}, {"period_start"}, {"user_id"}, {"score"}, {"reached"}}},
      {"events",
       1,
       narrow,
       {{"reached"},
        {"user_id"},
        {"action_id", text},
        {"number"},
        {"contract", text},
        {"payload", text},
        {"points"},
        {"previous_score"},
        {"current_score"},
        {"rank"},
        {"periods", text},
        {"accepted_at"},
        {"session_id", text},
        {"request_id", text},
        {"address", text},
        {"user_agent", text},
        {"device_id", text}}},
      {"journal",
       1,
       wide,
       {{"seq"},
        {"committed_at"},
        {"changes", text},
        {"top", text, true},
        {"previous_hash", text},
        {"hash", text}}},
      {"journal_head", 1, wide, {{"id"}, {"seq"}, {"committed_at"}, {"hash", text}}},
      {"retention", 1, wide, {{"id"}, {"events_from"}}},
  };
  return tables;
}

const Table& moved_table(std::string_view name) {
  for (const Table& table : moved_tables()) {
    if (table.name == name) return table;
  }
  throw std::logic_error("no such table: " + std::string(name));
}

void refuse(const std::string& where, const std::string& reason) {
  throw TransferFault{{.code = ErrorCode::malformed, .log = where + ": " + reason}};
}

long long count_rows(Connection& connection, const Table& table) {
  long long rows = 0;
  connection.query("SELECT count(*) FROM " + std::string(table.name)).into(rows).one();
  return rows;
}

void each_row(Connection& connection, const Table& table,
              const std::function<void(const std::vector<Cell>&)>& row) {
  const std::string piece = select_piece(table);
  std::vector<long long> last(table.keys, -1);  // the first column of every key is positive
  std::vector<Cell> cells(table.columns.size());
  for (int rows = table.rows_at_once; rows == table.rows_at_once;) {
    rows = 0;
    auto query = connection.query(piece);
    for (const long long key : last) query.use(key);
    query.use(table.rows_at_once);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (table.columns[i].type == Column::Type::integer) {
        query.into(cells[i].number);
      } else {
        query.into(cells[i].text);
      }
    }
    query.each([&] {
      ++rows;
      for (std::size_t i = 0; i < table.keys; ++i) last[i] = cells[i].number;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i].null = table.columns[i].nullable && cells[i].text.empty();
      }
      row(cells);
    });
  }
}

}  // namespace scoreboard::store
