// SPDX-License-Identifier: Apache-2.0
#include "store/transfer_input.hpp"

#include <map>

#include "json/value.hpp"

namespace scoreboard::store {
namespace {

std::int64_t number_of(const json::Value& object, std::string_view key, const std::string& where) {
  const auto value = object.find(key);
  if (!value || !value->is_integer()) {
    refuse(where, "its \"" + std::string(key) + "\" must be a whole number");
  }
  return value->integer();
}

void check_version(std::int64_t version, const std::string& where) {
  if (version == export_version) return;
  refuse(where, "it has version " + std::to_string(version) +
                    " of the format; this program reads " + std::to_string(export_version));
}

class JsonlInput final : public Input {
 public:
  JsonlInput(LineReader& lines, const std::string& header) : lines_(lines) {
    const auto object = json::parse_object(header);
    const auto format = object ? object->find("format") : std::nullopt;
    if (!format || !format->is_string() || format->string() != export_format) {
      refuse(lines_.where(), "is not the header of an export");
    }
    check_version(number_of(*object, "version", lines_.where()), lines_.where());
    header_.schema = static_cast<int>(number_of(*object, "schema", lines_.where()));
    const auto rows = object->find("rows");
    if (!rows) refuse(lines_.where(), "does not say how many rows follow");
    for (const Table& table : moved_tables()) {
      header_.rows.push_back(number_of(*rows, table.name, lines_.where()));
    }
  }

  const ExportHeader& header() const override { return header_; }
  const std::string& file() const override { return lines_.name(); }
  std::int64_t line() const override { return lines_.number(); }

  const Table* next(std::vector<Cell>& cells) override {
    if (!lines_.next(text_)) return nullptr;
    const auto object = json::parse_object(text_);
    if (!object) refuse(lines_.where(), "is not one whole JSON object");
    const Table& table = table_of(*object);
    cells.resize(table.columns.size());
    for (std::size_t i = 0; i < cells.size(); ++i) read(*object, table.columns[i], cells[i]);
    return &table;
  }

 private:
  const Table& table_of(const json::Value& object) {
    const auto named = object.find("table");
    if (!named || !named->is_string()) refuse(lines_.where(), "names no table");
    const std::string name = named->string();
    for (std::size_t i = 0; i < moved_tables().size(); ++i) {
      if (moved_tables()[i].name != name) continue;
      if (i < last_)
        refuse(lines_.where(),
               name + " must come before " + std::string(moved_tables()[last_].name));
      last_ = i;
      return moved_tables()[i];
    }
    refuse(lines_.where(), "names a table that no board has: " + name);
  }

  void read(const json::Value& object, const Column& column, Cell& cell) const {
    const auto value = object.find(column.name);
    cell.null = value && column.nullable && value->is_null();
    if (cell.null) {
      cell.text.clear();
    } else if (column.type == Column::Type::integer) {
      cell.number = number_of(object, column.name, lines_.where());
    } else if (value && value->is_string()) {
      cell.text = value->string();
    } else {
      refuse(lines_.where(), "its \"" + std::string(column.name) + "\" must be a text");
    }
  }

  LineReader& lines_;
  ExportHeader header_;
  std::string text_;
  std::size_t last_ = 0;
};

class CsvInput final : public Input {
 public:
  explicit CsvInput(std::string directory) : directory_(std::move(directory)) {
    open("manifest");
    std::map<std::string, std::string> values;
    std::vector<std::string> fields;
    while (records_->next(fields)) {
      if (fields.size() != 2) refuse(where(), "must be a name and a value");
      values[fields[0]] = fields[1];
    }
    if (values["format"] != export_format) refuse(file(), "is not the manifest of an export");
    const auto number = [&](std::string_view name) {
      const auto value = whole_number(values[std::string(name)]);
      if (!value) refuse(file(), "its " + std::string(name) + " must be a whole number");
      return *value;
    };
    check_version(number("version"), file());
    header_.schema = static_cast<int>(number("schema"));
    for (const Table& table : moved_tables()) header_.rows.push_back(number(table.name));
    open_table();
  }

  const ExportHeader& header() const override { return header_; }
  const std::string& file() const override { return lines_->name(); }
  std::int64_t line() const override { return records_->line(); }

  const Table* next(std::vector<Cell>& cells) override {
    while (!records_->next(fields_)) {
      if (++table_ == moved_tables().size()) return nullptr;
      open_table();
    }
    const Table& table = moved_tables()[table_];
    if (fields_.size() != table.columns.size()) {
      refuse(where(), "has " + std::to_string(fields_.size()) + " fields instead of " +
                          std::to_string(table.columns.size()));
    }
    cells.resize(fields_.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Column& column = table.columns[i];
      cells[i].null = column.nullable && fields_[i].empty();
      if (column.type == Column::Type::text) {
        cells[i].text = std::move(fields_[i]);
        continue;
      }
      const auto number = whole_number(fields_[i]);
      if (!number) refuse(where(), std::string(column.name) + " must be a whole number");
      cells[i].number = *number;
    }
    return &table;
  }

 private:
  std::string where() const { return lines_->where(records_->line()); }

  void open(std::string_view name) {
    records_.reset();
    lines_ = std::make_unique<LineReader>(directory_ + '/' + std::string(name) + ".csv");
    records_ = std::make_unique<CsvReader>(*lines_);
  }

  void open_table() {
    const Table& table = moved_tables()[table_];
    open(table.name);
    std::vector<std::string> wanted;
    wanted.reserve(table.columns.size());
    for (const Column& column : table.columns) wanted.emplace_back(column.name);
    if (!records_->next(fields_) || fields_ != wanted) {
      refuse(lines_->where(1), "its columns are not those of " + std::string(table.name));
    }
  }

  std::string directory_;
  std::unique_ptr<LineReader> lines_;
  std::unique_ptr<CsvReader> records_;
  ExportHeader header_;
  std::size_t table_ = 0;
  std::vector<std::string> fields_;
};

}  // namespace

std::unique_ptr<Input> jsonl_input(LineReader& lines, const std::string& header) {
  return std::make_unique<JsonlInput>(lines, header);
}

std::unique_ptr<Input> csv_input(const std::string& directory) {
  return std::make_unique<CsvInput>(directory);
}

}  // namespace scoreboard::store
