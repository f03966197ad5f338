// SPDX-License-Identifier: Apache-2.0
#include "store/transfer_load.hpp"

namespace scoreboard::store {

template <class Work>
void Load::guarded(Work work) {
  try {
    work();
  } catch (const RowFault& fault) {
    // The database went away: that is no mistake of the file's.
    if (fault.error().code == ErrorCode::unavailable || lines_.empty()) throw;
    std::string where = file_ + ", ";
    if (fault.row() && *fault.row() < lines_.size()) {
      where += "line " + std::to_string(lines_[*fault.row()]);
    } else {
      where += "lines " + std::to_string(lines_.front()) + " to " + std::to_string(lines_.back());
    }
    const std::string table(table_.name);
    refuse(where, fault.error().code == ErrorCode::already_exists
                      ? "the same key as that of an earlier row of " + table
                      : "breaks a rule of the table " + table + " (" + fault.error().log + ")");
  }
}

Load::Load(Connection& connection, const Table& table, std::string file)
    : table_(table), file_(std::move(file)), loader_(connection.load(table.name, table.columns)) {}

void Load::add(const std::vector<Cell>& cells, std::int64_t line) {
  lines_.push_back(line);
  guarded([&] { loader_->add(cells); });
}

void Load::flush() {
  guarded([&] { loader_->flush(); });
  lines_.clear();
}

}  // namespace scoreboard::store
