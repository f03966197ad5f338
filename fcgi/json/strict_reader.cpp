// SPDX-License-Identifier: Apache-2.0
#include "json/strict_reader.hpp"

#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

#include "ops/utf8.hpp"

namespace scoreboard::json {

bool StrictGuard::refuse(std::string reason) {
  refusal_ = std::move(reason);
  return false;
}

bool StrictGuard::one_more() {
  return ++values_ <= values_max || refuse("too many values");
}

bool StrictGuard::one_deeper() {
  if (depth_ == limits_.depth_max) {
    return refuse("nesting deeper than " + std::to_string(limits_.depth_max) + " levels");
  }
  ++depth_;
  return one_more();
}

bool StrictGuard::good_text(const char* text, rapidjson::SizeType size) {
  const std::string_view view(text, size);
  // SQL and C would end the text here, so two parts of the program would read two texts.
  if (view.find('\0') != std::string_view::npos) return refuse("NUL character");
  // The bytes as sent were checked by the reader; what an escape made of them was not, and this
  // version lets the second half of a surrogate pair stand alone.
  return is_utf8(view) || refuse("lone surrogate");
}

bool StrictGuard::RawNumber(const char* text, rapidjson::SizeType size, bool) {
  const char* const end = text + size;
  std::int64_t integer = 0;
  // Of a number that does not fit it names the end, too.
  const auto whole = std::from_chars(text, end, integer);
  if (whole.ec == std::errc{} && whole.ptr == end) {
    return one_more() && document_.Int64(integer);
  }
  double real = 0;
  const auto nearest = std::from_chars(text, end, real);
  if (nearest.ec != std::errc{} || nearest.ptr != end) return refuse("number out of range");
  return one_more() && document_.Double(real);
}

bool StrictGuard::String(const char* text, rapidjson::SizeType size, bool copy) {
  return one_more() && good_text(text, size) && document_.String(text, size, copy);
}

bool StrictGuard::StartObject() {
  if (!one_deeper()) return false;
  open_objects_.emplace_back();
  return document_.StartObject();
}

bool StrictGuard::Key(const char* text, rapidjson::SizeType size, bool copy) {
  if (!good_text(text, size)) return false;
  // The reader has undone the escapes: "a" and "\u0061" are the same key here.
  if (!open_objects_.back().emplace(text, size).second) return refuse("duplicate key");
  return document_.Key(text, size, copy);
}

bool StrictGuard::EndObject(rapidjson::SizeType members) {
  --depth_;
  open_objects_.pop_back();
  return document_.EndObject(members);
}

bool StrictGuard::StartArray() {
  return one_deeper() && document_.StartArray();
}

bool StrictGuard::EndArray(rapidjson::SizeType elements) {
  --depth_;
  return document_.EndArray(elements);
}

}  // namespace scoreboard::json
