// SPDX-License-Identifier: Apache-2.0
#include "http/fields.hpp"

namespace scoreboard::http {
namespace {

Error wrong(std::string_view field, const char* reason) {
  return {.code = ErrorCode::malformed,
          .log = std::string(field) + " " + reason,
          .field = std::string(field),
          .reason = reason};
}

}  // namespace

Result<std::string> required_string(const json::Value& object, std::string_view field) {
  const auto member = object.find(field);
  if (!member) return wrong(field, "is required");
  if (!member->is_string()) return wrong(field, "must be a string");
  return member->string();
}

Result<std::optional<std::int64_t>> optional_integer(const json::Value& object,
                                                     std::string_view field) {
  const auto member = object.find(field);
  if (!member) return std::optional<std::int64_t>{};
  if (!member->is_integer()) return wrong(field, "must be an integer");
  return std::optional{member->integer()};
}

}  // namespace scoreboard::http
