// SPDX-License-Identifier: Apache-2.0
#include "store/transfer_output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "ops/json_text.hpp"

namespace scoreboard::store {
namespace {

constexpr std::size_t held_max = 1 << 20;

[[noreturn]] void cannot(const std::string& what, const std::string& path) {
  refuse(path, "cannot " + what + ": " + std::generic_category().message(errno));
}

class JsonlOutput final : public Output {
 public:
  explicit JsonlOutput(const std::string& path) : file_(path) {}

  void begin(const ExportHeader& header) override {
    std::string& text = file_.text();
    text += R"({"format":")" + std::string(export_format) + R"(","version":)" +
            std::to_string(export_version) + R"(,"schema":)" + std::to_string(header.schema) +
            R"(,"rows":{)";
    for (std::size_t i = 0; i < header.rows.size(); ++i) {
      if (i > 0) text += ',';
      append_json_string(text, moved_tables()[i].name);
      text += ':' + std::to_string(header.rows[i]);
    }
    text += "}}\n";
  }

  void row(const Table& table, const std::vector<Cell>& cells) override {
    std::string& text = file_.text();
    text += R"({"table":")";
    text += table.name;
    text += '"';
    for (std::size_t i = 0; i < cells.size(); ++i) {
      text += ",\"";
      text += table.columns[i].name;
      text += "\":";
      if (cells[i].null) {
        text += "null";
      } else if (table.columns[i].type == Column::Type::integer) {
        text += std::to_string(cells[i].number);
      } else {
        append_json_string(text, cells[i].text);
      }
    }
    text += "}\n";
    file_.spill();
  }

  void finish() override { file_.finish(); }

 private:
  OutputFile file_;
};

void append_csv(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

class CsvOutput final : public Output {
 public:
  explicit CsvOutput(std::string directory) : directory_(std::move(directory)) {
    if (mkdir(directory_.c_str(), S_IRWXU) != 0) cannot("make the directory", directory_);
    try {
      for (const Table& table : moved_tables()) {
        files_.push_back(std::make_unique<OutputFile>(name_of(table.name)));
        std::string& text = files_.back()->text();
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
          if (i > 0) text += ',';
          text += table.columns[i].name;
        }
        text += "\r\n";
      }
    } catch (...) {
      files_.clear();
      rmdir(directory_.c_str());
      throw;
    }
  }
  ~CsvOutput() override {
    if (finished_) return;
    for (const auto& file : files_) file->take_back();
    files_.clear();
    manifest_.reset();
    rmdir(directory_.c_str());
  }
  CsvOutput(const CsvOutput&) = delete;
  CsvOutput& operator=(const CsvOutput&) = delete;

  void begin(const ExportHeader& header) override { header_ = header; }

  void row(const Table& table, const std::vector<Cell>& cells) override {
    OutputFile& file = *files_[static_cast<std::size_t>(&table - moved_tables().data())];
    std::string& text = file.text();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += ',';
      if (table.columns[i].type == Column::Type::integer) {
        text += std::to_string(cells[i].number);
      } else {
        append_csv(text, cells[i].text);
      }
    }
    text += "\r\n";
    file.spill();
  }

  // The manifest last: a directory without one is not whole.
  void finish() override {
    for (const auto& file : files_) file->finish();
    manifest_ = std::make_unique<OutputFile>(name_of("manifest"));
    std::string& text = manifest_->text();
    text += "name,value\r\nformat," + std::string(export_format) + "\r\nversion," +
            std::to_string(export_version) + "\r\nschema," + std::to_string(header_.schema) +
            "\r\n";
    for (std::size_t i = 0; i < header_.rows.size(); ++i) {
      text += moved_tables()[i].name;
      text += ',' + std::to_string(header_.rows[i]) + "\r\n";
    }
    manifest_->finish();
    finished_ = true;
  }

 private:
  std::string name_of(std::string_view name) const {
    return directory_ + '/' + std::string(name) + ".csv";
  }

  std::string directory_;
  std::vector<std::unique_ptr<OutputFile>> files_;
  std::unique_ptr<OutputFile> manifest_;
  ExportHeader header_;
  bool finished_ = false;
};

}  // namespace

OutputFile::OutputFile(std::string path) : path_(std::move(path)), own_(path_ != "-") {
  if (!own_) {
    path_ = "standard output";
    descriptor_ = STDOUT_FILENO;
    return;
  }
  // O_EXCL: what is there already is nobody's to overwrite, nor its mode to trust.
  constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  descriptor_ = open(path_.c_str(), flags, S_IRUSR | S_IWUSR);
  if (descriptor_ < 0) cannot("make the file", path_);
}

OutputFile::~OutputFile() {
  if (!own_) return;
  close(descriptor_);
  if (!finished_) unlink(path_.c_str());
}

void OutputFile::spill() {
  if (text_.size() >= held_max) write_all();
}

void OutputFile::write_all() {
  std::string_view left = text_;
  while (!left.empty()) {
    const ssize_t written = write(descriptor_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) cannot("write", path_);
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  text_.clear();
}

void OutputFile::finish() {
  write_all();
  if (own_ && fsync(descriptor_) != 0) cannot("write", path_);
  finished_ = true;
}

std::unique_ptr<Output> jsonl_output(const std::string& path) {
  return std::make_unique<JsonlOutput>(path);
}

std::unique_ptr<Output> csv_output(const std::string& directory) {
  return std::make_unique<CsvOutput>(directory);
}

}  // namespace scoreboard::store
