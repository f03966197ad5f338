// SPDX-License-Identifier: Apache-2.0
// RapidJSON's defaults accept invalid UTF-8, mis-round numbers and recurse as deep as the sender
// likes; the flags below end that. Its exact numbers are no better: of "0e-400" it takes the
// logarithm of nothing, which is undefined. So it hands numbers on as text. The guard sees each
// event before the document does, so one pass both checks and builds. The iterative parser costs no
// stack, and since the guard bounds the depth nothing that walks the document later can run out of
// it either.
#include <memory>
#include <string>

#include "json/document.hpp"
#include "json/strict_reader.hpp"
#include "json/value.hpp"

namespace scoreboard::json {
namespace {

constexpr unsigned strict_flags = rapidjson::kParseNumbersAsStringsFlag |
                                  rapidjson::kParseValidateEncodingFlag |
                                  rapidjson::kParseIterativeFlag;

Error refusal(const std::string& reason, std::size_t offset) {
  return {.code = ErrorCode::malformed,
          .log = "JSON: " + reason + " at byte " + std::to_string(offset),
          .reason = reason};
}

std::string reason_for(rapidjson::ParseErrorCode code) {
  switch (code) {
    case rapidjson::kParseErrorDocumentEmpty:
      return "empty";
    case rapidjson::kParseErrorStringInvalidEncoding:
      return "invalid UTF-8";
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      return "lone surrogate";
    case rapidjson::kParseErrorNumberTooBig:
      return "number out of range";
    default:
      return "not valid JSON";
  }
}

}  // namespace

Result<Value> parse(std::string_view text, ParseLimits limits) {
  // The reader would take the first NUL byte for the end and not look at what follows.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
    return refusal("NUL character", nul);
  }
  if (text.starts_with("\xEF\xBB\xBF")) return refusal("byte order mark", 0);

  const auto parsed = std::make_shared<ParsedDocument>();
  StrictGuard guard(parsed->document, limits);
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  auto read = [&](rapidjson::Document&) {
    return !reader.Parse<strict_flags>(stream, guard).IsError();
  };
  parsed->document.Populate(read);
  if (reader.HasParseError()) {
    const auto offset = reader.GetErrorOffset();
    if (!guard.refusal().empty()) return refusal(guard.refusal(), offset);
    return refusal(reason_for(reader.GetParseErrorCode()), offset);
  }
  return Value::Access::make(parsed, parsed->document);
}

Result<Value> parse_object(std::string_view text, ParseLimits limits) {
  auto value = parse(text, limits);
  if (value && !value->is_object()) return refusal("not an object", 0);
  return value;
}

}  // namespace scoreboard::json
