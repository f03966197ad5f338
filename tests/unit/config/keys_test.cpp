// SPDX-License-Identifier: Apache-2.0
#include "config/keys.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace scoreboard::config;

BOOST_AUTO_TEST_SUITE(config_keys)

BOOST_AUTO_TEST_CASE(every_default_is_within_its_range) {
  for (const Key& key : keys()) {
    BOOST_TEST(complaint(key, key.get(Settings{})) == "", dotted_name(key));
  }
}

BOOST_AUTO_TEST_CASE(names_are_unique_and_sections_stand_together) {
  std::set<std::string> names;
  std::set<std::string> variables;
  std::set<std::string_view> sections;
  std::string_view section;
  for (const Key& key : keys()) {
    BOOST_TEST(names.insert(dotted_name(key)).second, dotted_name(key));
    BOOST_TEST(variables.insert(environment_name(key)).second, environment_name(key));
    if (key.section != section) BOOST_TEST(sections.insert(key.section).second, key.section);
    section = key.section;
  }
}

BOOST_AUTO_TEST_CASE(what_is_set_is_got_and_nothing_else_changes) {
  for (const Key& key : keys()) {
    const Value other = key.type == Type::text                  ? Value{"/other"}
                        : key.get(Settings{}) == Value{key.min} ? Value{key.max}
                                                                : Value{key.min};
    Settings settings;
    key.set(settings, other);
    for (const Key& each : keys()) {
      const bool same = each.get(settings) == each.get(Settings{});
      BOOST_TEST(same == (dotted_name(each) != dotted_name(key)),
                 dotted_name(key) << " and " << dotted_name(each));
    }
    BOOST_TEST((key.get(settings) == other), dotted_name(key));
  }
}

BOOST_AUTO_TEST_CASE(both_ends_of_every_range_survive_the_member_they_are_kept_in) {
  for (const Key& key : keys()) {
    if (key.type == Type::text) continue;
    for (const std::int64_t edge : {key.min, key.max}) {
      Settings settings;
      key.set(settings, edge);
      BOOST_TEST((key.get(settings) == Value{edge}), dotted_name(key));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_key_that_is_a_time_or_a_size_names_its_unit) {
  for (const Key& key : keys()) {
    if (key.unit == "seconds") BOOST_TEST(key.name.ends_with("_s"), dotted_name(key));
    if (key.unit == "bytes") BOOST_TEST(key.name.find("bytes") != std::string_view::npos);
    const bool milliseconds = key.unit == "milliseconds";
    BOOST_TEST(milliseconds == key.name.ends_with("_ms"), dotted_name(key));
    BOOST_TEST(key.meaning.ends_with('.'), dotted_name(key));
  }
}

BOOST_AUTO_TEST_CASE(texts_are_quoted_for_toml) {
  BOOST_TEST(to_toml(std::int64_t{-5}) == "-5");
  BOOST_TEST(to_toml(std::string("a\"b\\c\n\x7f")) == R"("a\"b\\c\u000a\u007f")");
}

BOOST_AUTO_TEST_SUITE_END()
