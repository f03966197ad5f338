// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "store/database.hpp"
#include "store/fault.hpp"
#include "store/journal.hpp"
#include "store/migrations.hpp"
#include "store/transfer.hpp"
#include "store/transfer_input.hpp"
#include "store/transfer_load.hpp"
#include "store/transfer_scores.hpp"
#include "store/transfer_target.hpp"

namespace scoreboard {
namespace {

using store::Cell;
using store::Connection;
using store::Input;
using store::refuse;
using store::Table;

constexpr std::int64_t tell_every = 4096;

std::string where(const Input& input) {
  return input.file() + ", line " + std::to_string(input.line());
}

// The chain is checked as it goes by: a journal that was tampered with does not get in.
class ChainCheck {
 public:
  void entry(const std::vector<Cell>& cells, const Input& input) {
    const std::string which = "journal entry " + std::to_string(at(cells, seq_).number);
    if (at(cells, seq_).number != ++entries_) {
      refuse(where(input), which + " follows " + std::to_string(entries_ - 1));
    }
    const std::string hash =
        store::entry_hash(JournalSeq{entries_}, from_micros(at(cells, committed_at_).number),
                          at(cells, previous_hash_).text, at(cells, changes_).text);
    if (at(cells, previous_hash_).text != chain_ || at(cells, hash_).text != hash) {
      refuse(where(input), which + " breaks the chain of hashes");
    }
    chain_ = hash;
  }

  void head(const std::vector<Cell>& cells, const Input& input) const {
    const Table& table = store::moved_table("journal_head");
    if (cells[table.index_of("seq")].number != entries_ ||
        cells[table.index_of("hash")].text != chain_) {
      refuse(where(input), "the journal's head is not its last entry");
    }
  }

 private:
  static const Cell& at(const std::vector<Cell>& cells, std::size_t column) {
    return cells[column];
  }

  const Table& table_ = store::moved_table("journal");
  const std::size_t seq_ = table_.index_of("seq");
  const std::size_t committed_at_ = table_.index_of("committed_at");
  const std::size_t changes_ = table_.index_of("changes");
  const std::size_t previous_hash_ = table_.index_of("previous_hash");
  const std::size_t hash_ = table_.index_of("hash");
  long long entries_ = 0;
  std::string chain_ = std::string(64, '0');
};

class BoardImport {
 public:
  BoardImport(Connection& connection, Input& input, const TransferProgress& progress)
      : connection_(connection), input_(input), progress_(progress), months_(connection) {}

  TransferReport run() {
    check_schema();
    // The two tables of one row that a migration fills.
    connection_.execute("DELETE FROM journal_head; DELETE FROM retention");
    for (const std::int64_t rows : input_.header().rows) total_ += rows;
    std::vector<Cell> cells;
    while (const Table* const table = input_.next(cells)) {
      if (!load_ || &load_->table() != table) begin(*table);
      take(*table, cells);
      if (++done_ % tell_every == 0) progress_(table->name, done_, total_);
    }
    if (load_) load_->flush();
    return whole();
  }

 private:
  void check_schema() const {
    const auto own = static_cast<int>(connection_.engine().migrations().size());
    if (input_.header().schema == own) return;
    refuse(input_.file(), "its schema is " + std::to_string(input_.header().schema) +
                              ", this program's " + std::to_string(own) +
                              "; migrate the board it came from, and export it again");
  }

  static std::size_t index_of(const Table& table) {
    return static_cast<std::size_t>(&table - store::moved_tables().data());
  }

  void begin(const Table& table) {
    if (load_) load_->flush();
    check_whole(index_of(table));
    load_.emplace(connection_, table, input_.file());
  }

  void take(const Table& table, const std::vector<Cell>& cells) {
    ++rows_[index_of(table)];
    if (&table == &journal_) chain_.entry(cells, input_);
    if (&table == &head_) chain_.head(cells, input_);
    if (&table == &events_) need_month(cells[accepted_at_].number);
    load_->add(cells, input_.line());
    if (load_->full()) load_->flush();
  }

  void need_month(long long accepted_at) {
    try {
      months_.need(from_micros(accepted_at));
    } catch (const store::DriverFault& fault) {
      if (fault.error().code == ErrorCode::unavailable) throw;
      refuse(where(input_), "accepted_at is no time at which an event can be");
    }
  }

  // Of the tables before `end`: cut off between two rows a file would still look well.
  void check_whole(std::size_t end) const {
    for (std::size_t i = 0; i < end; ++i) {
      const Table& table = store::moved_tables()[i];
      const bool single = &table == &head_ || &table == &retention_;
      const std::int64_t wanted = single ? 1 : input_.header().rows[i];
      if (rows_[i] == wanted) continue;
      refuse(where(input_), std::to_string(rows_[i]) + " rows of " + std::string(table.name) +
                                " instead of " + std::to_string(wanted) + ": it is not whole");
    }
  }

  TransferReport whole() const {
    check_whole(rows_.size());
    TransferReport report;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      report.rows.emplace_back(store::moved_tables()[i].name, rows_[i]);
    }
    return report;
  }

  Connection& connection_;
  Input& input_;
  const TransferProgress& progress_;
  store::MonthsMade months_;
  const Table& journal_ = store::moved_table("journal");
  const Table& head_ = store::moved_table("journal_head");
  const Table& events_ = store::moved_table("events");
  const Table& retention_ = store::moved_table("retention");
  const std::size_t accepted_at_ = events_.index_of("accepted_at");
  ChainCheck chain_;
  std::optional<store::Load> load_;
  std::vector<std::int64_t> rows_ = std::vector<std::int64_t>(store::moved_tables().size());
  std::int64_t done_ = 0;
  std::int64_t total_ = 0;
};

TransferReport import_file(Connection& connection, const std::string& path,
                           const ScoreListRules& rules, const TransferProgress& progress) {
  if (path != "-" && std::filesystem::is_directory(path)) {
    const auto input = store::csv_input(path);
    return BoardImport(connection, *input, progress).run();
  }
  store::LineReader lines(path);
  std::string first;
  if (!lines.next(first)) refuse(lines.name(), "is empty");
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // some programs begin lists with it
  if (first.starts_with(byte_order_mark)) first.erase(0, byte_order_mark.size());
  if (store::is_score_list(first)) {
    lines.again(std::move(first));
    return store::import_scores(connection, lines, rules, progress);
  }
  if (!first.starts_with('{')) {
    refuse(lines.where(),
           "neither the header of an export nor username,email,score: this is no board");
  }
  const auto input = store::jsonl_input(lines, first);
  return BoardImport(connection, *input, progress).run();
}

}  // namespace

Result<TransferReport> import_board(const std::string& uri, const std::string& path,
                                    const ScoreListRules& rules, const TransferProgress& progress) {
  try {
    return store::on_database(
        uri, store::Database::Use::inspect, [&](Connection& connection) -> Result<TransferReport> {
          if (auto known = store::check_schema(connection); !known) return std::move(known).error();
          if (auto owner = store::check_owner(connection); !owner) return std::move(owner).error();
          store::Transaction transaction(connection);
          if (auto empty = store::take_empty_board(connection); !empty)
            return std::move(empty).error();
          TransferReport report = import_file(connection, path, rules, progress);
          store::go_on_after_ids(connection);
          transaction.commit();
          store::know_the_tables(connection);
          return report;
        });
  } catch (const store::TransferFault& fault) {
    return fault.error;
  }
}

}  // namespace scoreboard
