// SPDX-License-Identifier: Apache-2.0
#include "json/value.hpp"

#include "json/document.hpp"

namespace scoreboard::json {

bool Value::is_object() const {
  return Access::node(*this).IsObject();
}
bool Value::is_array() const {
  return Access::node(*this).IsArray();
}
bool Value::is_string() const {
  return Access::node(*this).IsString();
}
bool Value::is_integer() const {
  // The reader makes a double of 3.0 and 1e2 and of what no 64 bits hold.
  return Access::node(*this).IsInt64();
}
bool Value::is_number() const {
  return Access::node(*this).IsNumber();
}
bool Value::is_null() const {
  return Access::node(*this).IsNull();
}

std::optional<Value> Value::find(std::string_view key) const {
  const rapidjson::Value& object = Access::node(*this);
  if (!object.IsObject()) return std::nullopt;
  // By hand: RapidJSON's own look-up makes a Value of the key first, and keys here are few.
  for (auto member = object.MemberBegin(), end = object.MemberEnd(); member != end; ++member) {
    const std::string_view name(member->name.GetString(), member->name.GetStringLength());
    if (name == key) return Access::make(document_, member->value);
  }
  return std::nullopt;
}

std::string Value::string() const {
  const rapidjson::Value& text = Access::node(*this);
  return {text.GetString(), text.GetStringLength()};
}

std::int64_t Value::integer() const {
  return Access::node(*this).GetInt64();
}

double Value::number() const {
  return Access::node(*this).GetDouble();
}

std::vector<Value> Value::elements() const {
  std::vector<Value> all;
  const rapidjson::Value& array = Access::node(*this);
  if (!array.IsArray()) return all;
  all.reserve(array.Size());
  for (const rapidjson::Value& element : array.GetArray()) {
    all.push_back(Access::make(document_, element));
  }
  return all;
}

}  // namespace scoreboard::json
