// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_loader.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

#include "store/loader.hpp"

namespace scoreboard::store {
namespace {

constexpr std::size_t rows_max = 5000;

class SqliteLoader final : public Loader {
 public:
  SqliteLoader(sqlite_api::sqlite3* handle, std::string_view table, std::span<const Column> columns)
      : handle_(handle) {
    std::string names;
    std::string places;
    for (const Column& column : columns) {
      if (!names.empty()) names += ", ";
      if (!places.empty()) places += ", ";
      names += column.name;
      places += '?';
      types_.push_back(column.type);
    }
    const std::string text =
        "INSERT INTO " + std::string(table) + " (" + names + ") VALUES (" + places + ")";
    if (sqlite_api::sqlite3_prepare_v2(handle_, text.c_str(), -1, &statement_, nullptr) != 0) {
      throw sqlite_fault(sqlite_api::sqlite3_extended_errcode(handle_));
    }
  }
  ~SqliteLoader() override { sqlite_api::sqlite3_finalize(statement_); }
  SqliteLoader(const SqliteLoader&) = delete;
  SqliteLoader& operator=(const SqliteLoader&) = delete;

  void add(const std::vector<Cell>& cells) override {
    for (std::size_t i = 0; i < types_.size(); ++i) {
      const int place = static_cast<int>(i) + 1;
      const Cell& cell = cells[i];
      if (cell.null) {
        sqlite_api::sqlite3_bind_null(statement_, place);
      } else if (types_[i] == Column::Type::integer) {
        sqlite_api::sqlite3_bind_int64(statement_, place, cell.number);
      } else {
        // Not copied: it is read before this function returns.
        sqlite_api::sqlite3_bind_text(statement_, place, cell.text.data(),
                                      static_cast<int>(cell.text.size()), nullptr);
      }
    }
    constexpr int done = 101;  // SQLITE_DONE
    if (sqlite_api::sqlite3_step(statement_) != done) {
      const int code = sqlite_api::sqlite3_extended_errcode(handle_);
      sqlite_api::sqlite3_reset(statement_);
      throw RowFault(sqlite_fault(code), rows_);
    }
    sqlite_api::sqlite3_reset(statement_);
    ++rows_;
  }

  bool full() const override { return rows_ >= rows_max; }
  void flush() override { rows_ = 0; }

 private:
  sqlite_api::sqlite3* handle_;
  sqlite_api::sqlite3_stmt* statement_ = nullptr;
  std::vector<Column::Type> types_;
  std::size_t rows_ = 0;
};

}  // namespace

std::unique_ptr<Loader> sqlite_loader(soci::session& session, std::string_view table,
                                      std::span<const Column> columns) {
  auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
  return std::make_unique<SqliteLoader>(backend->conn_, table, columns);
}

}  // namespace scoreboard::store
