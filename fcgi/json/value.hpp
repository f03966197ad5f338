// SPDX-License-Identifier: Apache-2.0
// Strict JSON in: one object, valid UTF-8, no NUL byte or \u0000, no duplicate keys, at most 8
// levels deep, each number within the range of a double. The only reader of outside JSON; RapidJSON
// stays behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "outcome/result.hpp"

namespace scoreboard::json {

// An immutable JSON value. Cheap to copy: a view into a document that it keeps alive.
class Value {
 public:
  bool is_object() const;
  bool is_array() const;
  bool is_string() const;
  bool is_integer() const;  // fits std::int64_t and was written without fraction or exponent
  bool is_number() const;   // of any spelling
  bool is_null() const;

  // Member of an object; empty if absent or this is no object.
  std::optional<Value> find(std::string_view key) const;
  // Requires is_string().
  std::string string() const;
  // Requires is_integer().
  std::int64_t integer() const;
  // Requires is_number(); the nearest double.
  double number() const;
  // Elements of an array; empty if this is none.
  std::vector<Value> elements() const;

  struct Access;  // for the parser

 private:
  std::shared_ptr<const void> document_;
  const void* node_ = nullptr;
};

struct ParseLimits {
  int depth_max = 8;
};

// malformed with a reason and the byte offset on any fault. `parse_object` refuses other roots.
Result<Value> parse(std::string_view text, ParseLimits limits = {});
Result<Value> parse_object(std::string_view text, ParseLimits limits = {});

}  // namespace scoreboard::json
