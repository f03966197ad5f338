// SPDX-License-Identifier: Apache-2.0
#include "config/reload.hpp"

#include <boost/test/unit_test.hpp>

#include "config/keys.hpp"

using namespace scoreboard::config;

namespace {

using Names = std::vector<std::string>;

Settings::Issuer issuer(const char* name, const char* audience = "") {
  Settings::Issuer made;
  made.issuer = name;
  made.audience = audience;
  return made;
}

void equal(const Names& a, const Names& b) {
  BOOST_TEST(a == b, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_reload)

BOOST_AUTO_TEST_CASE(the_same_settings_change_nothing) {
  const auto reloaded = reload({}, {});
  BOOST_TEST(reloaded.changed.empty());
  BOOST_TEST(reloaded.restart_needed.empty());
}

// For every key of the table: it is taken exactly if the table says so.
BOOST_AUTO_TEST_CASE(each_key_is_taken_or_named_as_the_table_says) {
  for (const Key& key : keys()) {
    Settings wanted;
    const bool at_edge = key.get(wanted) == Value{key.min};
    key.set(wanted, key.type == Type::text ? Value{"/other"} : Value{at_edge ? key.max : key.min});
    const auto reloaded = reload({}, wanted);
    const bool taken = key.taken == Taken::at_reload;
    equal(taken ? reloaded.changed : reloaded.restart_needed, {dotted_name(key)});
    BOOST_TEST((taken ? reloaded.restart_needed : reloaded.changed).empty(), dotted_name(key));
    BOOST_TEST((key.get(reloaded.settings) == key.get(taken ? wanted : Settings{})));
  }
}

BOOST_AUTO_TEST_CASE(what_needs_a_restart_stays_needed) {
  Settings wanted;
  wanted.server.threads = 3;
  const auto once = reload({}, wanted);
  equal(reload(once.settings, wanted).restart_needed, {"server.threads"});
}

BOOST_AUTO_TEST_CASE(points_are_taken_whole_and_named_one_by_one) {
  Settings running;
  running.points = {{"A", 1}, {"B", 2}, {"C", 3}};
  Settings wanted;
  wanted.points = {{"A", 1}, {"B", 5}, {"D", 4}};
  const auto reloaded = reload(running, wanted);
  equal(reloaded.changed, {"points.B", "points.C", "points.D"});
  BOOST_TEST((reloaded.settings.points == wanted.points));
}

BOOST_AUTO_TEST_CASE(issuers_come_go_and_change) {
  Settings running;
  running.issuers["gone"] = issuer("g");
  running.issuers["kept"] = issuer("k", "a");
  running.issuers["same"] = issuer("s");
  Settings wanted;
  wanted.issuers["kept"] = issuer("k", "b");
  wanted.issuers["same"] = issuer("s");
  wanted.issuers["new"] = issuer("n");
  const auto reloaded = reload(running, wanted);
  equal(reloaded.changed, {"issuers.gone", "issuers.kept.audience", "issuers.new"});
  BOOST_TEST(reloaded.settings.issuers.size() == 3U);
  BOOST_TEST(reloaded.settings.issuers.at("kept").audience == "b");
}

BOOST_AUTO_TEST_SUITE_END()
