// SPDX-License-Identifier: Apache-2.0
#include "store/transfer_lines.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "ops/utf8.hpp"
#include "store/transfer_tables.hpp"

namespace scoreboard::store {
namespace {

constexpr std::size_t read_at_once = 1 << 20;
constexpr std::size_t line_max = 64 << 20;

// What the state machine of a record knows between two lines.
struct Field {
  std::string text;
  bool quoted = false;
  bool open = false;  // inside the quotes

  void take(std::vector<std::string>& fields) {
    fields.push_back(std::move(text));
    *this = {};
  }
};

}  // namespace

LineReader::LineReader(const std::string& path) : name_(path) {
  if (path == "-") {
    name_ = "standard input";
    descriptor_ = dup(STDIN_FILENO);
  } else {
    descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  }
  if (descriptor_ < 0) refuse(name_, "cannot open: " + std::generic_category().message(errno));
}

LineReader::~LineReader() {
  close(descriptor_);
}

bool LineReader::fill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t held = buffer_.size();
  buffer_.resize(held + read_at_once);
  ssize_t got = 0;
  do {
    got = read(descriptor_, buffer_.data() + held, read_at_once);
  } while (got < 0 && errno == EINTR);
  const int reason = errno;
  buffer_.resize(held + static_cast<std::size_t>(got > 0 ? got : 0));
  if (got < 0) refuse(name_, "cannot read: " + std::generic_category().message(reason));
  return got > 0;
}

bool LineReader::next(std::string& line) {
  if (again_) {
    line = *std::move(again_);
    again_.reset();
    ++number_;
    return true;
  }
  std::size_t end = buffer_.find('\n', at_);
  while (end == std::string::npos) {
    const std::size_t seen = buffer_.size() - at_;
    if (seen > line_max) refuse(where(number_ + 1), "the line is too long");
    if (!fill()) {
      if (buffer_.empty()) return false;
      end = buffer_.size();  // the last line may lack its line feed
      break;
    }
    end = buffer_.find('\n', seen);
  }
  line.assign(buffer_, at_, end - at_);
  at_ = std::min(end + 1, buffer_.size());
  ++number_;
  if (!is_utf8(line)) refuse(where(), "is not UTF-8 text");
  if (line.find('\0') != std::string::npos) refuse(where(), "holds a NUL byte");
  return true;
}

void LineReader::again(std::string line) {
  again_ = std::move(line);
  --number_;
}

bool CsvReader::next(std::vector<std::string>& fields) {
  fields.clear();
  if (!lines_.next(text_)) return false;
  line_ = lines_.number();
  Field field;
  for (;;) {
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const char c = text_[i];
      const bool last = i + 1 == text_.size();
      if (field.open) {
        if (c != '"') {
          field.text += c;
        } else if (!last && text_[i + 1] == '"') {
          field.text += '"';
          ++i;
        } else {
          field.open = false;
        }
      } else if (c == ',') {
        field.take(fields);
      } else if (c == '"' && field.text.empty() && !field.quoted) {
        field.quoted = field.open = true;
      } else if (c == '\r' && last) {
        break;
      } else if (field.quoted || c == '"') {
        refuse(lines_.where(line_), "is not CSV as RFC 4180 has it: a quote stands alone");
      } else {
        field.text += c;
      }
    }
    if (!field.open) break;
    field.text += '\n';
    if (!lines_.next(text_)) refuse(lines_.where(line_), "a quoted field does not end");
  }
  field.take(fields);
  return true;
}

std::optional<long long> whole_number(std::string_view text) {
  long long number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace scoreboard::store
