// SPDX-License-Identifier: Apache-2.0
#include "json/value.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <vector>

using namespace scoreboard;

BOOST_AUTO_TEST_SUITE(json_parse)

namespace {

std::string nested(int levels, char open, char close) {
  const auto count = static_cast<std::size_t>(levels);
  return std::string(count, open) + std::string(count, close);
}

// {"a":{"a":...{}...}}, `levels` objects deep.
std::string nested_objects(int levels) {
  std::string text = "{}";
  for (int i = 1; i < levels; ++i) text.insert(0, "{\"a\":").append("}");
  return text;
}

// Empty when the text was taken.
std::string reason_against(std::string_view text) {
  const auto value = json::parse(text);
  if (value) return "";
  BOOST_TEST((value.error().code == ErrorCode::malformed));
  BOOST_TEST(value.error().log.find("JSON: " + value.error().reason + " at byte ") == 0U);
  return value.error().reason;
}

struct Nasty {
  std::string text;
  std::string reason;
};

std::string with_nul(const char* text, std::size_t size) {
  return {text, size};
}

}  // namespace

BOOST_AUTO_TEST_CASE(takes_every_kind_of_value) {
  for (const char* text : {"null", "true", "false", "0", "-1", "1.5", "1e3", "\"\"", "[]", "{}",
                           " { \"a\" : [ 1 , 2 ] }\r\n\t", "\"\\ud83d\\ude00\"", "\"😀\"",
                           R"("\"\\\/\b\f\n\r\t\u0041")", R"({"a":{"a":1}})"}) {
    BOOST_TEST(reason_against(text) == "", text);
  }
}

BOOST_AUTO_TEST_CASE(refuses_nasty_inputs_with_the_reason) {
  const std::vector<Nasty> table{{"", "empty"},
                                 {" \n\t", "empty"},
                                 {"\xEF\xBB\xBF{}", "byte order mark"},
                                 {"{} {}", "not valid JSON"},
                                 {"{}x", "not valid JSON"},
                                 {"{}]", "not valid JSON"},
                                 {"[1,]", "not valid JSON"},
                                 {"{\"a\":1,}", "not valid JSON"},
                                 {"[1 2]", "not valid JSON"},
                                 {"{\"a\" 1}", "not valid JSON"},
                                 {"{a:1}", "not valid JSON"},
                                 {"{'a':1}", "not valid JSON"},
                                 {"{1:1}", "not valid JSON"},
                                 {"[", "not valid JSON"},
                                 {"{\"a\":", "not valid JSON"},
                                 {"\"open", "not valid JSON"},
                                 {"[1]//", "not valid JSON"},
                                 {"/**/1", "not valid JSON"},
                                 {"nul", "not valid JSON"},
                                 {"True", "not valid JSON"},
                                 {"NaN", "not valid JSON"},
                                 {"Infinity", "not valid JSON"},
                                 {"-Infinity", "not valid JSON"},
                                 {"01", "not valid JSON"},
                                 {"-", "not valid JSON"},
                                 {"+1", "not valid JSON"},
                                 {"1.", "not valid JSON"},
                                 {".5", "not valid JSON"},
                                 {"1e", "not valid JSON"},
                                 {"0x10", "not valid JSON"},
                                 {"1e400", "number out of range"},
                                 {"-1e400", "number out of range"},
                                 {"1e-400", "number out of range"},
                                 {"\"a\tb\"", "not valid JSON"},
                                 {"\"a\nb\"", "not valid JSON"},
                                 {R"("\x41")", "not valid JSON"},
                                 {R"("\u12")", "not valid JSON"},
                                 {R"("\u00zz")", "not valid JSON"},
                                 {R"("\ud800")", "lone surrogate"},
                                 {R"("\ud800x")", "lone surrogate"},
                                 {R"("\ud800\ud800")", "lone surrogate"},
                                 {R"("\udc00")", "lone surrogate"},
                                 {R"("\udfff\ud800")", "lone surrogate"},
                                 {R"({"\udc00":1})", "lone surrogate"},
                                 {R"("\u0000")", "NUL character"},
                                 {R"(["a\u0000b"])", "NUL character"},
                                 {R"({"a\u0000b":1})", "NUL character"},
                                 {with_nul("{}\0", 3), "NUL character"},
                                 {with_nul("123\0", 4), "NUL character"},
                                 {with_nul("\0", 1), "NUL character"},
                                 {with_nul("{\"a\0\":1}", 8), "NUL character"},
                                 {with_nul("{}\0{}", 5), "NUL character"},
                                 {"\"\xFF\"", "invalid UTF-8"},
                                 {"\"\x80\"", "invalid UTF-8"},
                                 {"\"\xC0\x80\"", "invalid UTF-8"},
                                 {"\"\xC1\xBF\"", "invalid UTF-8"},
                                 {"\"\xE0\x80\x80\"", "invalid UTF-8"},
                                 {"\"\xF0\x80\x80\x80\"", "invalid UTF-8"},
                                 {"\"\xF4\x90\x80\x80\"", "invalid UTF-8"},
                                 {"\"\xED\xA0\x80\"", "invalid UTF-8"},
                                 {"\"\xE2\x82\"", "invalid UTF-8"},
                                 {"{\"\xFF\":1}", "invalid UTF-8"},
                                 {"\xFF", "not valid JSON"},
                                 {R"({"a":1,"a":2})", "duplicate key"},
                                 {R"({"a":1,"b":2,"a":1})", "duplicate key"},
                                 {R"({"a":1,"\u0061":2})", "duplicate key"},
                                 {R"({"/":1,"\/":2})", "duplicate key"},
                                 {R"({"😀":1,"\ud83d\ude00":2})", "duplicate key"},
                                 {R"({"":1,"":2})", "duplicate key"},
                                 {R"({"x":[{"a":1,"a":2}]})", "duplicate key"},
                                 {R"({"a":{"b":1},"a":3})", "duplicate key"}};
  for (const auto& [text, reason] : table) {
    BOOST_TEST(reason_against(text) == reason, text << ": " << reason_against(text));
  }
}

BOOST_AUTO_TEST_CASE(the_same_key_in_two_objects_is_no_duplicate) {
  BOOST_TEST(reason_against(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]})") == "");
  BOOST_TEST(reason_against(R"({"a":1,"A":2})") == "");
}

BOOST_AUTO_TEST_CASE(allows_eight_levels_and_no_ninth) {
  const std::string deep = "nesting deeper than 8 levels";
  BOOST_TEST(reason_against(nested_objects(8)) == "");
  BOOST_TEST(reason_against(nested_objects(9)) == deep);
  BOOST_TEST(reason_against(nested(8, '[', ']')) == "");
  BOOST_TEST(reason_against(nested(9, '[', ']')) == deep);
  BOOST_TEST(reason_against("{\"a\":" + nested(7, '[', ']') + "}") == "");
  BOOST_TEST(reason_against("{\"a\":" + nested(8, '[', ']') + "}") == deep);
  // Width is not depth.
  BOOST_TEST(reason_against("[[],[],[],[],[],[],[],[],[],{},{}]") == "");
}

BOOST_AUTO_TEST_CASE(a_million_brackets_are_refused_at_the_ninth) {
  for (const char open : {'[', '{'}) {
    const auto value = json::parse(std::string(1'000'000, open));
    BOOST_TEST(!value);
  }
  const auto value = json::parse(std::string(1'000'000, '['));
  BOOST_TEST(value.error().log == "JSON: nesting deeper than 8 levels at byte 8");
}

BOOST_AUTO_TEST_CASE(the_depth_can_be_set) {
  BOOST_TEST(bool(json::parse("[]", {.depth_max = 1})));
  BOOST_TEST(!json::parse("[[]]", {.depth_max = 1}));
  BOOST_TEST(bool(json::parse(nested(9, '[', ']'), {.depth_max = 9})));
}

BOOST_AUTO_TEST_CASE(the_number_of_values_has_a_limit) {
  const auto ones = [](int count) {
    std::string text = "[1";
    for (int i = 1; i < count; ++i) text += ",1";
    return text + "]";
  };
  BOOST_TEST(reason_against(ones(9'999)) == "");  // and the array itself
  BOOST_TEST(reason_against(ones(10'000)) == "too many values");
}

BOOST_AUTO_TEST_CASE(an_object_is_asked_for_where_one_is_needed) {
  BOOST_TEST(bool(json::parse_object(" {} ")));
  for (const char* text : {"[]", "1", "null", "\"{}\"", "true"}) {
    const auto value = json::parse_object(text);
    BOOST_TEST_REQUIRE(!value, text);
    BOOST_TEST(value.error().reason == "not an object");
    BOOST_TEST((value.error().code == ErrorCode::malformed));
  }
  BOOST_TEST(json::parse_object("{\"a\":1,\"a\":1}").error().reason == "duplicate key");
}

BOOST_AUTO_TEST_CASE(the_reason_never_repeats_the_input) {
  const auto value = json::parse(R"({"password":"hunter2hunter2","password":"x"})");
  BOOST_TEST(value.error().log.find("hunter2") == std::string::npos);
  BOOST_TEST(value.error().log.find("password") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_bytes_whatever_crash_it) {
  constexpr unsigned seed = 20260202;
  std::mt19937 luck(seed);
  const std::string sound =
      R"({"action_id":"a1b2-c3d4","n":[1,-2.5e3,true,null],"deep":{"x":"\u00e9\ud83d\ude00"}})";
  int taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = sound.substr(0, round % 3 == 0 ? luck() % (sound.size() + 1) : sound.size());
    for (auto change = luck() % 4; change > 0 && !text.empty(); --change) {
      const auto at = luck() % text.size();
      if (luck() % 2 == 0) {
        text[at] = static_cast<char>(luck());
      } else {
        text[at] = R"({}[]",:\0u1e)"[luck() % 12];
      }
    }
    taken += bool(json::parse(text));
  }
  BOOST_TEST(taken > 100, "seed " << seed);
  BOOST_TEST(taken < 19'000, "seed " << seed);
}

BOOST_AUTO_TEST_SUITE_END()
