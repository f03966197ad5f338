// SPDX-License-Identifier: Apache-2.0
#include "ops/json_text.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>
#include <string>

#include "ops/utf8.hpp"

using namespace scoreboard;

BOOST_AUTO_TEST_SUITE(json_text)

namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string written(double value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

}  // namespace

BOOST_AUTO_TEST_CASE(escapes_what_would_end_or_break_the_string) {
  BOOST_TEST(quoted("") == R"("")");
  BOOST_TEST(quoted(R"(a"b\c/d)") == R"("a\"b\\c/d")");
  BOOST_TEST(quoted("\b\f\n\r\t") == R"("\b\f\n\r\t")");
  BOOST_TEST(quoted("\x01\x1f") == R"("\u0001\u001f")");
  BOOST_TEST(quoted(std::string_view("a\0b", 3)) == R"("a\u0000b")");
  BOOST_TEST(quoted("\x1b[2J\x7f\xC2\x9b") == R"("\u001b[2J\u007f\u009b")");
  BOOST_TEST(quoted("\u2028\u2029") == R"("\u2028\u2029")");
}

BOOST_AUTO_TEST_CASE(leaves_other_characters_as_they_are) {
  BOOST_TEST(quoted("Zoë 東京 😀") == "\"Zoë 東京 😀\"");
  BOOST_TEST(quoted("\uE000\uFFFF") == "\"\uE000\uFFFF\"");
}

BOOST_AUTO_TEST_CASE(replaces_what_is_no_utf8) {
  BOOST_TEST(quoted("a\xFFz") == "\"a\uFFFDz\"");
  BOOST_TEST(quoted("\xED\xA0\x80") == "\"\uFFFD\uFFFD\uFFFD\"");
  BOOST_TEST(quoted("cut \xF0\x9F\x98") == "\"cut \uFFFD\"");
  BOOST_TEST(quoted("\xC3\"") == "\"\uFFFD\\\"\"");  // The quote is not swallowed.
}

BOOST_AUTO_TEST_CASE(no_bytes_whatever_make_a_line_feed_or_a_second_quote) {
  constexpr unsigned seed = 8259;
  std::mt19937 luck(seed);
  for (int round = 0; round < 5000; ++round) {
    std::string text(luck() % 40, '\0');
    for (char& byte : text) byte = static_cast<char>(luck());
    const std::string out = quoted(text);
    bool safe = is_utf8(out) && out.size() >= 2 && out.front() == '"' && out.back() == '"';
    for (std::size_t i = 1; safe && i + 1 < out.size(); ++i) {
      if (out[i] == '\\') {
        ++i;
        safe = i + 1 < out.size();
      } else {
        safe = out[i] != '"' && static_cast<unsigned char>(out[i]) >= 0x20;
      }
    }
    BOOST_TEST_REQUIRE(safe, "seed " << seed << " round " << round);
  }
}

BOOST_AUTO_TEST_CASE(numbers_are_short_and_finite) {
  BOOST_TEST(written(0.1) == "0.1");
  BOOST_TEST(written(1.5) == "1.5");
  BOOST_TEST(written(-2) == "-2");
  BOOST_TEST(written(1e300) == "1e+300");
  BOOST_TEST(written(std::numeric_limits<double>::infinity()) == "null");
  BOOST_TEST(written(std::numeric_limits<double>::quiet_NaN()) == "null");
}

BOOST_AUTO_TEST_SUITE_END()
