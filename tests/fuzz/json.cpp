// SPDX-License-Identifier: Apache-2.0
// A body is accepted exactly when a second, plain reader accepts it; both find the same members and
// texts; and what is written of them is read as the same again.
#include <cstdlib>
#include <string>

#include "fuzz/plain_json.hpp"
#include "fuzz/property.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "ops/utf8.hpp"

namespace scoreboard::fuzz {
namespace {

constexpr int depth_max = json::ParseLimits{}.depth_max;

// Limits of the real reader's own.
bool is_about_size(const Error& error) {
  return error.reason == "number out of range" || error.reason == "too many values";
}

void same_number(const json::Value& value, std::string_view written) {
  const bool number = written.find_first_not_of("+-.eE0123456789") == std::string_view::npos;
  must(value.is_number() == number, "a number is a number");
  if (!number) return;
  const double nearest = std::strtod(std::string(written).c_str(), nullptr);
  must(value.number() == nearest, "a number is the nearest there is");
  if (!value.is_integer()) return;
  const std::string digits = std::to_string(value.integer());
  must(digits == written || (digits == "0" && written == "-0"), "an integer is as it is written");
}

void same_members(const json::Value& value, const Members& members) {
  for (const auto& [name, text, written] : members) {
    const auto member = value.find(name);
    must(member.has_value(), "each member is found by its name");
    must(member->is_string() == text.has_value(), "a text is a text");
    if (text) must(member->string() == *text && is_utf8(*text), "texts are the same");
    same_number(*member, written);
  }
}

void written_and_read_again(const Members& members) {
  json::Writer writer;
  writer.begin_object();
  for (const Member& one : members) writer.key(one.name).string(one.text.value_or(""));
  writer.end_object();
  const std::string written = std::move(writer).take();
  const auto again = json::parse_object(written);
  must(static_cast<bool>(again), "what is written can be read");
  for (const Member& one : members) {
    const auto member = again->find(one.name);
    must(member && member->string() == one.text.value_or(""),
         "what is written is read as the same");
  }
}

}  // namespace
}  // namespace scoreboard::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace scoreboard;
  const std::string_view text = fuzz::text_of(data, size);
  const auto value = json::parse_object(text);
  const auto plain = fuzz::plain_object(text, fuzz::depth_max);
  if (!value) {
    const Error& error = value.error();
    fuzz::must(error.code == ErrorCode::malformed && !error.reason.empty(),
               "a refusal has a reason");
    fuzz::must(!plain || fuzz::is_about_size(error), "good JSON is not refused");
    return 0;
  }
  fuzz::must(plain.has_value(), "bad JSON is not accepted");
  fuzz::same_members(*value, *plain);
  fuzz::written_and_read_again(*plain);
  return 0;
}
