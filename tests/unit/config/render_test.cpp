// SPDX-License-Identifier: Apache-2.0
#include "config/render.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>

#include "config/keys.hpp"
#include "unit/config/scratch_file.hpp"

using namespace scoreboard::config;
using scoreboard::test::ScratchFile;

namespace {

void check_equal(const Settings& a, const Settings& b) {
  for (const Key& key : keys()) BOOST_TEST((key.get(a) == key.get(b)), dotted_name(key));
  BOOST_TEST((a.points == b.points));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_render)

BOOST_AUTO_TEST_CASE(the_default_file_loads_without_faults_and_changes_nothing) {
  const ScratchFile file(default_file());
  const auto loaded = load(file.path(), {});
  for (const Fault& fault : loaded.faults) BOOST_ERROR(to_string(fault));
  check_equal(loaded.settings, Settings{});
  // Every key is really in it.
  for (const auto& [name, origin] : loaded.origin) {
    BOOST_TEST(origin.source == file.path().string(), name);
  }
}

BOOST_AUTO_TEST_CASE(the_default_file_tells_meaning_default_and_range_of_each_key) {
  const std::string text = default_file();
  for (const Key& key : keys()) {
    const std::string value = to_toml(key.get(Settings{}));
    const std::string wanted = "# Default " + value + "; " + range_text(key) + "; taken " +
                               taken_text(key.taken) + ".\n" + std::string(key.name) + " = " +
                               value + "\n";
    BOOST_TEST(text.find(wanted) != std::string::npos, dotted_name(key));
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) BOOST_TEST(line.size() < 100u, line);
}

BOOST_AUTO_TEST_CASE(what_show_prints_gives_the_same_settings_again) {
  const ScratchFile file(
      "[auth]\nissuer = \"a\\\"b\\\\c\\u0001 \\u00e9\"\n[points]\nJUMP = 3\n[live]\npoll_ms = "
      "33\n");
  const auto loaded = load(file.path(), {{"SCOREBOARD_SERVER_THREADS", "5"}});
  BOOST_TEST(loaded.faults.empty());
  const std::string shown = show(loaded);
  BOOST_TEST(shown.find("threads = 5  # SCOREBOARD_SERVER_THREADS\n") != std::string::npos);
  BOOST_TEST(shown.find("poll_ms = 33  # " + file.path().string() + ":6\n") != std::string::npos);
  BOOST_TEST(shown.find("readers = 4  # default\n") != std::string::npos);
  const ScratchFile again(shown);
  const auto reloaded = load(again.path(), {});
  for (const Fault& fault : reloaded.faults) BOOST_ERROR(to_string(fault));
  check_equal(reloaded.settings, loaded.settings);
}

BOOST_AUTO_TEST_SUITE_END()
