// SPDX-License-Identifier: Apache-2.0
// The guard that stands between RapidJSON's reader and its document. The reader checks the grammar
// and the encoding; what the grammar allows and we do not (RFC 8259 leaves it open: duplicate keys,
// depth, U+0000) is stopped here, in the same pass and before the document grows. Private to json.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "json/rapidjson.hpp"
#include "json/value.hpp"

namespace scoreboard::json {

// Each value costs 16 bytes however short its text is. Far above a body of 8 KiB, whose worst case
// is 4096 values.
inline constexpr std::size_t values_max = 10'000;

class StrictGuard {
 public:
  StrictGuard(rapidjson::Document& document, ParseLimits limits)
      : document_(document), limits_(limits) {}

  // Why the guard stopped the reader; empty when it did not.
  const std::string& refusal() const { return refusal_; }

  bool Null() { return one_more() && document_.Null(); }
  bool Bool(bool value) { return one_more() && document_.Bool(value); }
  // A number as it is written.
  bool RawNumber(const char* text, rapidjson::SizeType size, bool copy);
  // The reader wants to see these and calls none of them.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }
  bool String(const char* text, rapidjson::SizeType size, bool copy);
  bool StartObject();
  bool Key(const char* text, rapidjson::SizeType size, bool copy);
  bool EndObject(rapidjson::SizeType members);
  bool StartArray();
  bool EndArray(rapidjson::SizeType elements);

 private:
  bool refuse(std::string reason);
  bool one_more();
  bool one_deeper();
  bool good_text(const char* text, rapidjson::SizeType size);

  rapidjson::Document& document_;
  const ParseLimits limits_;
  std::string refusal_;
  std::size_t values_ = 0;
  int depth_ = 0;
  // The keys of each open object. A tree, because a hash table can be attacked by its keys.
  std::vector<std::set<std::string, std::less<>>> open_objects_;
};

}  // namespace scoreboard::json
