// SPDX-License-Identifier: Apache-2.0
// What an import reads: lines, and the records of CSV (RFC 4180) in them. Everything throws
// TransferFault with the file and the line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scoreboard::store {

class LineReader {
 public:
  explicit LineReader(const std::string& path);  // "-": standard input
  ~LineReader();
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // The next line without its line feed; false at the end. UTF-8, or it is refused.
  bool next(std::string& line);
  // The line just read comes again.
  void again(std::string line);
  std::int64_t number() const { return number_; }  // of the line just read, from 1

  const std::string& name() const { return name_; }
  std::string where() const { return where(number_); }
  std::string where(std::int64_t line) const { return name_ + ", line " + std::to_string(line); }

 private:
  bool fill();

  std::string name_;
  int descriptor_ = -1;
  std::string buffer_;
  std::size_t at_ = 0;
  std::int64_t number_ = 0;
  std::optional<std::string> again_;
};

// A record may hold line feeds in quotes; lines may end with CR LF or LF.
class CsvReader {
 public:
  explicit CsvReader(LineReader& lines) : lines_(lines) {}
  bool next(std::vector<std::string>& fields);
  std::int64_t line() const { return line_; }  // where the record began

 private:
  LineReader& lines_;
  std::int64_t line_ = 0;
  std::string text_;
};

// The whole of `text`, in decimal.
std::optional<long long> whole_number(std::string_view text);

}  // namespace scoreboard::store
