// SPDX-License-Identifier: Apache-2.0
#include "store/database.hpp"
#include "store/fault.hpp"
#include "store/migrations.hpp"
#include "store/transfer.hpp"
#include "store/transfer_output.hpp"

namespace scoreboard {
namespace {

using store::Connection;
using store::Output;
using store::Table;

constexpr std::int64_t tell_every = 4096;

// The rows are counted first: whoever reads the file then knows that it is whole.
TransferReport write_board(Connection& connection, Output& output,
                           const TransferProgress& progress) {
  TransferReport report;
  store::ExportHeader header{.schema = static_cast<int>(connection.engine().migrations().size()),
                             .rows = {}};
  std::int64_t total = 0;
  for (const Table& table : store::moved_tables()) {
    header.rows.push_back(store::count_rows(connection, table));
    report.rows.emplace_back(table.name, header.rows.back());
    total += header.rows.back();
  }
  output.begin(header);
  std::int64_t done = 0;
  for (const Table& table : store::moved_tables()) {
    store::each_row(connection, table, [&](const std::vector<store::Cell>& cells) {
      output.row(table, cells);
      if (++done % tell_every == 0) progress(table.name, done, total);
    });
  }
  output.finish();
  return report;
}

}  // namespace

Result<TransferReport> export_board(const std::string& uri, const std::string& path,
                                    ExportFormat format, const TransferProgress& progress) {
  try {
    return store::on_database(
        uri, store::Database::Use::inspect, [&](Connection& connection) -> Result<TransferReport> {
          if (auto known = store::check_schema(connection); !known) return std::move(known).error();
          const store::Transaction snapshot(connection, store::Transaction::Kind::snapshot);
          const auto output =
              format == ExportFormat::jsonl ? store::jsonl_output(path) : store::csv_output(path);
          return write_board(connection, *output, progress);
        });
  } catch (const store::TransferFault& fault) {
    return fault.error;
  }
}

}  // namespace scoreboard
