// SPDX-License-Identifier: Apache-2.0
#include "json/value.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <stdexcept>
#include <string>

using namespace scoreboard;

BOOST_AUTO_TEST_SUITE(json_value)

namespace {

json::Value value_of(std::string_view text) {
  auto value = json::parse(text);
  BOOST_TEST_REQUIRE(bool(value), text);
  return *value;
}

}  // namespace

BOOST_AUTO_TEST_CASE(says_what_it_is) {
  BOOST_TEST(value_of("{}").is_object());
  BOOST_TEST(value_of("[]").is_array());
  BOOST_TEST(value_of("\"\"").is_string());
  BOOST_TEST(value_of("0").is_integer());
  BOOST_TEST(value_of("null").is_null());
  for (const char* text : {"[]", "\"\"", "0", "null", "true", "1.5"}) {
    BOOST_TEST(!value_of(text).is_object(), text);
  }
  for (const char* text : {"{}", "\"\"", "0", "null", "true"}) {
    BOOST_TEST(!value_of(text).is_array(), text);
  }
  for (const char* text : {"{}", "[]", "0", "null", "true"}) {
    BOOST_TEST(!value_of(text).is_string(), text);
  }
}

BOOST_AUTO_TEST_CASE(an_integer_is_written_without_fraction_or_exponent_and_fits_64_bits) {
  BOOST_TEST(value_of("3").integer() == 3);
  BOOST_TEST(value_of("-3").integer() == -3);
  BOOST_TEST(value_of("0").integer() == 0);
  BOOST_TEST(value_of("-0").integer() == 0);
  BOOST_TEST(value_of("2147483648").integer() == 2147483648);
  BOOST_TEST(value_of("9223372036854775807").integer() == std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(value_of("-9223372036854775808").integer() ==
             std::numeric_limits<std::int64_t>::min());
  for (const char* text : {"3.0", "1e2", "1E2", "1e0", "-0.0", "9223372036854775808",
                           "-9223372036854775809", "18446744073709551615", "18446744073709551616",
                           "100000000000000000000000", "\"3\"", "true", "false", "null", "[3]"}) {
    BOOST_TEST(!value_of(text).is_integer(), text);
  }
}

// RapidJSON's own conversion counted the leading zeros of zero.
BOOST_AUTO_TEST_CASE(nothing_with_an_exponent_is_zero_and_no_undefined_behaviour) {
  for (const char* text : {"0e-400", "0e+300", "0.0e5", "-0e1", "0.000"}) {
    BOOST_TEST(value_of(text).is_number(), text);
    BOOST_TEST(value_of(text).number() == 0, text);
  }
  BOOST_TEST(value_of("18446744073709551616").number() == 18446744073709551616.0);
  BOOST_TEST(value_of("0.1").number() == 0.1);
  BOOST_TEST(value_of("2.2250738585072011e-308").number() == 2.2250738585072011e-308);
  BOOST_TEST(value_of("1.7976931348623157e308").number() == 1.7976931348623157e308);
}

BOOST_AUTO_TEST_CASE(finds_members_of_objects_only) {
  const auto object = value_of(R"({"a":1,"\u0062":"two","":3})");
  BOOST_TEST(object.find("a")->integer() == 1);
  BOOST_TEST(object.find("b")->string() == "two");
  BOOST_TEST(object.find("")->integer() == 3);
  BOOST_TEST(!object.find("c").has_value());
  BOOST_TEST(!object.find("A").has_value());
  BOOST_TEST(!object.find(std::string_view("a\0", 2)).has_value());
  BOOST_TEST(!value_of("{}").find("a").has_value());
  BOOST_TEST(!value_of("[1]").find("a").has_value());
  BOOST_TEST(!value_of("\"a\"").find("a").has_value());
}

BOOST_AUTO_TEST_CASE(lists_the_elements_of_arrays_only) {
  const auto elements = value_of(R"([1,"two",[3],{"four":4}])").elements();
  BOOST_TEST_REQUIRE(elements.size() == 4U);
  BOOST_TEST(elements[0].integer() == 1);
  BOOST_TEST(elements[1].string() == "two");
  BOOST_TEST(elements[2].elements().front().integer() == 3);
  BOOST_TEST(elements[3].find("four")->integer() == 4);
  BOOST_TEST(value_of("[]").elements().empty());
  BOOST_TEST(value_of("{}").elements().empty());
  BOOST_TEST(value_of("1").elements().empty());
}

BOOST_AUTO_TEST_CASE(a_text_has_its_escapes_undone) {
  BOOST_TEST(value_of(R"("\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")").string() == "\"\\/\b\f\n\r\té😀");
  const std::string long_text(5000, 'x');
  BOOST_TEST(value_of("\"" + long_text + "\"").string() == long_text);
}

BOOST_AUTO_TEST_CASE(a_part_outlives_the_whole) {
  json::Value part;
  {
    const auto whole =
        value_of(R"({"list":["a rather long text that is not kept inside a value"]})");
    part = whole.find("list").value_or(json::Value()).elements().at(0);
  }
  BOOST_TEST(part.string() == "a rather long text that is not kept inside a value");
}

BOOST_AUTO_TEST_CASE(the_text_may_go_once_it_is_parsed) {
  std::string text = R"({"key":"a value that was copied out of the text"})";
  const auto value = value_of(text);
  text.assign(text.size(), '!');
  BOOST_TEST(value.find("key")->string() == "a value that was copied out of the text");
}

BOOST_AUTO_TEST_CASE(a_wrong_question_is_a_defect_and_throws) {
  BOOST_CHECK_THROW(static_cast<void>(value_of("1").string()), std::logic_error);
  BOOST_CHECK_THROW(static_cast<void>(value_of("\"1\"").integer()), std::logic_error);
  BOOST_CHECK_THROW(static_cast<void>(value_of("1.5").integer()), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_value_that_nobody_filled_is_null) {
  const json::Value empty;
  BOOST_TEST(empty.is_null());
  BOOST_TEST(!empty.find("a").has_value());
  BOOST_TEST(empty.elements().empty());
}

BOOST_AUTO_TEST_SUITE_END()
