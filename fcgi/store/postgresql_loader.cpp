// SPDX-License-Identifier: Apache-2.0
#include "store/postgresql_loader.hpp"

#include <soci/postgresql/soci-postgresql.h>

#include <charconv>

#include "store/loader.hpp"

namespace scoreboard::store {
namespace {

constexpr std::size_t bytes_max = 1 << 20;

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

// COPY's text format (PostgreSQL manual, COPY).
void append_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
}

// The server says "COPY users, line 17": of this COPY, from 1.
std::optional<std::size_t> row_of(const PGresult* answer) {
  const char* const context = PQresultErrorField(answer, PG_DIAG_CONTEXT);
  if (!context) return std::nullopt;
  const std::string_view text = context;
  constexpr std::string_view mark = ", line ";
  const std::size_t at = text.find(mark);
  std::size_t line = 0;
  if (!text.starts_with("COPY ") || at == std::string_view::npos) return std::nullopt;
  const char* const digits = text.data() + at + mark.size();
  const auto [end, fault] = std::from_chars(digits, text.data() + text.size(), line);
  if (fault != std::errc{} || line == 0) return std::nullopt;
  return line - 1;
}

// The rows are gathered here and the COPY begins with flush(), so that between two of them the
// connection is free for other statements.
class PostgresqlLoader final : public Loader {
 public:
  PostgresqlLoader(PGconn* handle, std::string_view table, std::span<const Column> columns)
      : handle_(handle) {
    for (const Column& column : columns) {
      copy_ += copy_.empty() ? "COPY " + std::string(table) + " (" : ", ";
      copy_ += column.name;
      types_.push_back(column.type);
    }
    copy_ += ") FROM STDIN";
  }

  void add(const std::vector<Cell>& cells) override {
    for (std::size_t i = 0; i < types_.size(); ++i) {
      if (i > 0) held_ += '\t';
      if (cells[i].null) {
        held_ += "\\N";
      } else if (types_[i] == Column::Type::integer) {
        held_ += std::to_string(cells[i].number);
      } else {
        append_text(held_, cells[i].text);
      }
    }
    held_ += '\n';
  }

  bool full() const override { return held_.size() >= bytes_max; }

  void flush() override {
    if (held_.empty()) return;
    const Answer begun(PQexec(handle_, copy_.c_str()), PQclear);
    if (PQresultStatus(begun.get()) != PGRES_COPY_IN) throw fault(begun.get());
    if (PQputCopyData(handle_, held_.data(), static_cast<int>(held_.size())) != 1 ||
        PQputCopyEnd(handle_, nullptr) != 1) {
      throw RowFault(postgresql_fault(""), std::nullopt);
    }
    held_.clear();
    std::optional<RowFault> refused;
    while (PGresult* const next = PQgetResult(handle_)) {
      const Answer answer(next, PQclear);
      if (PQresultStatus(next) != PGRES_COMMAND_OK && !refused) refused = fault(next);
    }
    if (refused) throw RowFault(*refused);
  }

 private:
  static RowFault fault(const PGresult* answer) {
    const char* state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    return {postgresql_fault(state ? state : ""), row_of(answer)};
  }

  PGconn* handle_;
  std::string copy_;
  std::vector<Column::Type> types_;
  std::string held_;
};

}  // namespace

std::unique_ptr<Loader> postgresql_loader(soci::session& session, std::string_view table,
                                          std::span<const Column> columns) {
  auto* backend = static_cast<soci::postgresql_session_backend*>(session.get_backend());
  return std::make_unique<PostgresqlLoader>(backend->conn_, table, columns);
}

}  // namespace scoreboard::store
