// SPDX-License-Identifier: Apache-2.0
#include "json/writer.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>

#include "json/value.hpp"

using namespace scoreboard;
using json::Writer;

BOOST_AUTO_TEST_SUITE(json_writer)

namespace {

// What one call writes as the whole document.
template <class Call>
std::string written(Call call) {
  Writer writer;
  call(writer);
  return std::move(writer).take();
}

}  // namespace

BOOST_AUTO_TEST_CASE(writes_members_and_elements_in_the_order_of_the_calls) {
  Writer w;
  w.begin_object();
  w.key("z").number(1).key("a").begin_array().string("x").null().boolean(true).end_array();
  w.key("m").begin_object().end_object().key("e").begin_array().end_array();
  w.key("r").real(0.5).key("f").boolean(false).end_object();
  const std::string text = std::move(w).take();
  BOOST_TEST(text == R"({"z":1,"a":["x",null,true],"m":{},"e":[],"r":0.5,"f":false})");
}

BOOST_AUTO_TEST_CASE(puts_commas_between_nested_containers) {
  Writer w;
  w.begin_array().begin_array().end_array().begin_object().key("a").begin_array();
  w.number(1).number(2).end_array().end_object().begin_array().end_array().end_array();
  const std::string text = std::move(w).take();
  BOOST_TEST(text == R"([[],{"a":[1,2]},[]])");
}

BOOST_AUTO_TEST_CASE(writes_64_bit_numbers_whole) {
  BOOST_TEST(written([](Writer& w) { w.number(std::numeric_limits<std::int64_t>::max()); }) ==
             "9223372036854775807");
  BOOST_TEST(written([](Writer& w) { w.number(std::numeric_limits<std::int64_t>::min()); }) ==
             "-9223372036854775808");
}

BOOST_AUTO_TEST_CASE(writes_null_for_numbers_that_json_does_not_know) {
  BOOST_TEST(written([](Writer& w) { w.real(std::numeric_limits<double>::infinity()); }) == "null");
  BOOST_TEST(written([](Writer& w) { w.real(std::numeric_limits<double>::quiet_NaN()); }) ==
             "null");
}

BOOST_AUTO_TEST_CASE(escapes_keys_as_it_escapes_values) {
  BOOST_TEST(written([](Writer& w) {
               w.begin_object().key("a\"\n").string("</\"\n\x01\xFF").end_object();
             }) == "{\"a\\\"\\n\":\"</\\\"\\n\\u0001\uFFFD\"}");
}

BOOST_AUTO_TEST_CASE(puts_finished_json_where_a_value_belongs) {
  BOOST_TEST(written([](Writer& w) {
               w.begin_object().key("a").raw("[1]").key("b").raw("{}").end_object();
             }) == R"({"a":[1],"b":{}})");
  BOOST_TEST(written([](Writer& w) { w.begin_array().raw("1").raw("2").end_array(); }) == "[1,2]");
}

BOOST_AUTO_TEST_CASE(a_document_cannot_be_put_together_wrongly) {
  BOOST_CHECK_THROW(Writer().take(), std::logic_error);
  BOOST_CHECK_THROW(written([](Writer& w) { w.begin_object(); }), std::logic_error);
  BOOST_CHECK_THROW(written([](Writer& w) { w.begin_array(); }), std::logic_error);
  BOOST_CHECK_THROW(written([](Writer& w) { w.number(1).number(2); }), std::logic_error);
  BOOST_CHECK_THROW(written([](Writer& w) { w.begin_object().number(1); }), std::logic_error);
  BOOST_CHECK_THROW(written([](Writer& w) { w.begin_object().key("a").key("b"); }),
                    std::logic_error);
  BOOST_CHECK_THROW(written([](Writer& w) { w.begin_object().key("a").end_object(); }),
                    std::logic_error);
  BOOST_CHECK_THROW(written([](Writer& w) { w.begin_array().key("a"); }), std::logic_error);
  BOOST_CHECK_THROW(written([](Writer& w) { w.begin_array().end_object(); }), std::logic_error);
  BOOST_CHECK_THROW(written([](Writer& w) { w.end_array(); }), std::logic_error);
  BOOST_CHECK_THROW(written([](Writer& w) { w.key("a"); }), std::logic_error);
}

BOOST_AUTO_TEST_CASE(can_be_moved_while_it_is_open) {
  Writer first;
  first.begin_array().number(1);
  Writer second = std::move(first);
  second.number(2).end_array();
  const std::string text = std::move(second).take();
  BOOST_TEST(text == "[1,2]");
}

BOOST_AUTO_TEST_CASE(the_strict_reader_reads_back_every_text) {
  constexpr unsigned seed = 8259;
  std::mt19937 luck(seed);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (auto left = luck() % 20; left > 0; --left) {
      // One to four bytes each, never U+0000, which the reader refuses on purpose.
      static const char* const characters[] = {"\x01",   "\"", "\\", "/", "\x7f", "é",
                                               "\u2028", "€",  "😀",  "a", "\n",   "\u009b"};
      text += characters[luck() % std::size(characters)];
    }
    const auto read = json::parse(
        written([&](Writer& w) { w.begin_object().key(text).string(text).end_object(); }));
    BOOST_TEST_REQUIRE(bool(read), "seed " << seed << " round " << round);
    BOOST_TEST_REQUIRE(read->find(text).has_value(), "seed " << seed << " round " << round);
    BOOST_TEST_REQUIRE(read->find(text)->string() == text, "seed " << seed << " round " << round);
  }
}

BOOST_AUTO_TEST_SUITE_END()
