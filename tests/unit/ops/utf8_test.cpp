// SPDX-License-Identifier: Apache-2.0
#include "ops/utf8.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace scoreboard;

BOOST_AUTO_TEST_SUITE(utf8)

namespace {

// U+FFFD stands for something invalid.
std::u32string decoded(std::string_view text) {
  std::u32string points;
  while (!text.empty()) points.push_back(take_code_point(text).value_or(U'\uFFFD'));
  return points;
}

std::string encoded(char32_t point) {
  std::string text;
  const auto tail = [&](int shift) {
    text.push_back(static_cast<char>(0x80 | ((point >> shift) & 0x3F)));
  };
  if (point < 0x80) {
    text.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    text.push_back(static_cast<char>(0xC0 | (point >> 6)));
    tail(0);
  } else if (point < 0x10000) {
    text.push_back(static_cast<char>(0xE0 | (point >> 12)));
    tail(6);
    tail(0);
  } else {
    text.push_back(static_cast<char>(0xF0 | (point >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_scalar_value_is_read_and_every_surrogate_refused) {
  int wrong = 0;
  for (char32_t point = 0; point <= 0x110000; ++point) {
    const bool scalar = (point < 0xD800 || point > 0xDFFF) && point <= 0x10FFFF;
    const std::string text = encoded(point);
    if (is_utf8(text) != scalar) ++wrong;
    if (scalar && decoded(text) != std::u32string(1, point)) ++wrong;
  }
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(refuses_longer_spellings_and_foreign_bytes) {
  for (const char* text : {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF",
                           "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                           "\xF5\x80\x80\x80", "\xFE", "\xFF", "\x80", "\xBF", "a\x80"}) {
    BOOST_TEST(!is_utf8(text));
  }
}

BOOST_AUTO_TEST_CASE(a_text_that_ends_in_the_middle_of_a_character_is_refused) {
  for (const char* text : {"\xC3", "\xE2", "\xE2\x82", "\xF0", "\xF0\x9F", "\xF0\x9F\x98"}) {
    BOOST_TEST(!is_utf8(text));
    // All bytes that could have become one character are one mistake.
    BOOST_TEST((decoded(text) == U"\uFFFD"));
  }
}

// The example of the Unicode Standard, table 3-8.
BOOST_AUTO_TEST_CASE(one_replacement_stands_for_each_maximal_subpart) {
  BOOST_TEST((decoded("\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64") ==
              U"a\uFFFD\uFFFD\uFFFDb\uFFFDc\uFFFD\uFFFDd"));
}

BOOST_AUTO_TEST_SUITE_END()
