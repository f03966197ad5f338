// SPDX-License-Identifier: Apache-2.0
// The shipped file, the manual page and the table of keys tell the same: every key, its default,
// its range and when it is taken. Both texts are read back here as a reader would, without the
// functions that wrote them.
#include "config/manual.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <sstream>

#include "config/issuers.hpp"
#include "config/keys.hpp"
#include "config/render.hpp"

using namespace scoreboard::config;

namespace {

// "section.key" -> "default; range; taken ..."
using Told = std::map<std::string, std::string>;

std::string without(std::string text, const std::string& mark) {
  if (text.starts_with(mark)) text.erase(0, mark.size());
  return text;
}

Told told_by_file() {
  Told told;
  std::istringstream lines(default_file());
  std::string section;
  std::string fact;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("[")) section = line.substr(1, line.find(']') - 1);
    if (line.starts_with("# Default ")) fact = without(line, "# Default ");
    if (!line.starts_with("#") && line.find(" = ") != std::string::npos && section != "points") {
      const std::string name = line.substr(0, line.find(' '));
      // The value that is set is the one that is told.
      BOOST_TEST(fact.starts_with(line.substr(name.size() + 3) + "; "), line);
      told[section + "." + name] = fact.substr(0, fact.size() - 1);
    }
  }
  return told;
}

// The page's lines, macros read as mandoc does where this page uses them.
Told told_by_page() {
  Told told;
  std::istringstream lines(manual());
  std::string section;
  std::string name;
  std::string value;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(".Ss [")) section = line.substr(5, line.size() - 6);
    if (line.starts_with(".It Va ")) name = without(line, ".It Va ");
    if (line.starts_with(".Li \"")) {
      value.clear();
      for (std::size_t at = 5; at + 1 < line.size(); ++at) {
        if (line[at] == '"' && line[at + 1] != '"') break;
        if (line[at] == '"') ++at;
        value += line[at];
      }
    }
    if (line.starts_with("from ") && line.find("; taken") != std::string::npos) {
      told[section + "." + name] = value + "; " + line.substr(0, line.size() - 1);
    }
  }
  return told;
}

Told told_by_code() {
  Told told;
  for (const Key& key : keys()) {
    told[dotted_name(key)] =
        to_toml(key.get({})) + "; " + range_text(key) +
        (key.taken == Taken::at_reload ? "; taken at reload" : "; taken at start");
  }
  return told;
}

void same(const Told& a, const Told& b) {
  for (const auto& [name, fact] : a) {
    BOOST_TEST(b.contains(name), name);
    if (b.contains(name)) BOOST_TEST(b.at(name) == fact, name);
  }
  BOOST_TEST(a.size() == b.size());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_manual)

BOOST_AUTO_TEST_CASE(file_page_and_code_tell_the_same_of_every_key) {
  BOOST_TEST(told_by_code().size() > 30U);
  same(told_by_code(), told_by_file());
  same(told_by_code(), told_by_page());
}

BOOST_AUTO_TEST_CASE(the_page_has_the_points_and_every_key_of_an_issuer) {
  const std::string page = manual();
  for (const auto& [name, worth] : Settings{}.points) {
    const std::string wanted =
        ".It Va " + name + "\nDefault\n.Li \"" + std::to_string(worth) + "\" .\n";
    BOOST_TEST(page.find(wanted) != std::string::npos, name);
  }
  const std::string issuers = page.substr(page.find(".Ss [issuers.NAME]"));
  for (const IssuerKey& key : issuer_keys()) {
    BOOST_TEST(issuers.find(".It Va " + std::string(key.name) + "\n") != std::string::npos);
    BOOST_TEST(issuers.find(range_text(key)) != std::string::npos, key.name);
  }
}

BOOST_AUTO_TEST_CASE(no_line_of_the_page_is_a_command_by_accident) {
  std::istringstream lines(manual());
  for (std::string line; std::getline(lines, line);) {
    BOOST_TEST(!line.starts_with("'"), line);
    BOOST_TEST(!line.empty());
    if (line.starts_with(".")) BOOST_TEST((line.size() > 2 && line[1] != '/'), line);
  }
}

BOOST_AUTO_TEST_SUITE_END()
