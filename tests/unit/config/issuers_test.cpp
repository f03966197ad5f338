// SPDX-License-Identifier: Apache-2.0
#include "config/issuers.hpp"

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "config/render.hpp"
#include "unit/config/scratch_file.hpp"

using namespace scoreboard::config;
using namespace scoreboard::test;

BOOST_AUTO_TEST_SUITE(issuers)

namespace {

const std::string acme =
    "[issuers.acme]\nissuer = \"https://a.example\"\naudience = \"us\"\nkeys = \"/k/a.jwks\"\n";

Loaded load_text(const std::string& text, const Environment& environment = {}) {
  const ScratchFile file(text);
  return load(file.path(), environment);
}

// Every fault, without the file's name.
std::vector<std::string> faults_of(const std::string& text, const Environment& environment = {}) {
  std::vector<std::string> faults;
  for (const Fault& fault : load_text(text, environment).faults) {
    const std::string place =
        fault.line == 0 ? ""
                        : std::to_string(fault.line) + ":" + std::to_string(fault.column) + ": ";
    faults.push_back(place + fault.message);
  }
  return faults;
}

void only_fault(const std::string& text, const std::string& expected,
                const Environment& environment = {}) {
  const auto faults = faults_of(text, environment);
  BOOST_TEST_REQUIRE(faults.size() == 1U, text);
  BOOST_TEST(faults.front() == expected);
}

}  // namespace

BOOST_AUTO_TEST_CASE(there_are_none_by_default) {
  BOOST_TEST(load_text("").settings.issuers.empty());
}

BOOST_AUTO_TEST_CASE(an_issuer_is_a_section_of_its_own) {
  const auto loaded = load_text(acme +
                                "[issuers.beta]\nissuer = \"b\"\naudience = \"c\"\n"
                                "keys = \"/k/b\"\nalgorithms = \"PS256, RS256\"\n"
                                "username_claim = \"\"\n");
  for (const Fault& fault : loaded.faults) BOOST_ERROR(to_string(fault));
  BOOST_TEST_REQUIRE(loaded.settings.issuers.size() == 2U);
  const auto& one = loaded.settings.issuers.at("acme");
  BOOST_TEST(one.issuer == "https://a.example");
  BOOST_TEST(one.audience == "us");
  BOOST_TEST(one.keys.string() == "/k/a.jwks");
  BOOST_TEST(one.algorithms == "RS256,ES256,EdDSA");
  BOOST_TEST(one.username_claim == "preferred_username");
  const auto& other = loaded.settings.issuers.at("beta");
  BOOST_TEST(algorithm_names(other.algorithms) == (std::vector<std::string>{"PS256", "RS256"}),
             boost::test_tools::per_element());
  BOOST_TEST(other.username_claim == "");
}

BOOST_AUTO_TEST_CASE(the_environment_changes_and_adds_issuers) {
  const auto loaded = load_text(acme, {{"SCOREBOARD_ISSUERS_ACME_AUDIENCE", "them"},
                                       {"SCOREBOARD_ISSUERS_NEW_ISSUER", "n"},
                                       {"SCOREBOARD_ISSUERS_NEW_AUDIENCE", "o"},
                                       {"SCOREBOARD_ISSUERS_NEW_KEYS", "/k/n"},
                                       {"SCOREBOARD_ISSUERS_NEW_USERNAME_CLAIM", "nick"}});
  for (const Fault& fault : loaded.faults) BOOST_ERROR(to_string(fault));
  BOOST_TEST(loaded.settings.issuers.at("acme").audience == "them");
  BOOST_TEST(loaded.settings.issuers.at("new").username_claim == "nick");
  BOOST_TEST(to_string(loaded.origin.at("issuers.acme.audience")) ==
             "SCOREBOARD_ISSUERS_ACME_AUDIENCE");
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_with_their_place) {
  only_fault(acme + "audiense = \"x\"\n",
             "5:1: [issuers.acme] has no key audiense; did you mean audience?");
  only_fault(acme + "algorithms = [\"RS256\"]\n",
             "5:14: issuers.acme.algorithms must be a text in quotes");
  only_fault(acme + "algorithms = \"RS256,HS256\"\n",
             "5:14: issuers.acme.algorithms names \"HS256\"; there are RS256, ES256, EdDSA and "
             "PS256");
  only_fault(acme + "algorithms = \"RS256,\"\n",
             "5:14: issuers.acme.algorithms names \"\"; there are RS256, ES256, EdDSA and PS256");
  only_fault(acme + "algorithms = \"RS256,RS256\"\n",
             "5:14: issuers.acme.algorithms names an algorithm twice");
  only_fault(acme + "username_claim = \"" + std::string(65, 'n') + "\"\n",
             "5:18: issuers.acme.username_claim is too long; it must be at most 64 bytes long");
  only_fault("[issuers]\nissuer = \"x\"\n",
             "2:1: [issuers] has no key issuer; an issuer is a section of its own, as "
             "[issuers.example]");
  only_fault("[issuers.Big_Name]\nissuer = \"x\"\n",
             "1:10: issuers.Big_Name is no name for an issuer; one has up to 32 small letters and "
             "digits and begins with a letter");
  const auto empty = faults_of("[issuers.acme]\nissuer = \"\"\n");
  BOOST_TEST_REQUIRE(!empty.empty());
  BOOST_TEST(empty.front() == "2:10: issuers.acme.issuer must not be empty");
}

BOOST_AUTO_TEST_CASE(what_is_missing_or_contradicts_itself_is_told) {
  const auto missing = faults_of("[issuers.acme]\n");
  BOOST_TEST(missing == (std::vector<std::string>{"1:1: [issuers.acme] has no issuer",
                                                  "1:1: [issuers.acme] has no audience",
                                                  "1:1: [issuers.acme] has no keys"}),
             boost::test_tools::per_element());
  std::string twin = acme;
  twin.replace(twin.find("acme"), 4, "twin");
  only_fault(acme + twin, "6:10: [issuers.twin] and [issuers.acme] are the same issuer");
  only_fault(acme, "2:10: [issuers.acme] is our own issuer, auth.issuer",
             {{"SCOREBOARD_AUTH_ISSUER", "https://a.example"}});
  only_fault(acme, "4:8: [issuers.acme] has a file of our own secret keys as its keys",
             {{"SCOREBOARD_AUTH_ACTION_KEYS", "/k/a.jwks"}});
}

BOOST_AUTO_TEST_CASE(a_variable_is_checked_like_the_file) {
  only_fault(acme, "SCOREBOARD_ISSUERS_ACME_COLOUR sets nothing: [issuers.acme] has no key colour",
             {{"SCOREBOARD_ISSUERS_ACME_COLOUR", "x"}});
  only_fault(acme,
             "SCOREBOARD_ISSUERS_ACME_ALGORITHMS names \"none\"; there are RS256, ES256, EdDSA "
             "and PS256",
             {{"SCOREBOARD_ISSUERS_ACME_ALGORITHMS", "none"}});
  only_fault(acme,
             "SCOREBOARD_ISSUERS_9_KEYS: 9 is no name for an issuer; one has up to 32 small "
             "letters and digits and begins with a letter",
             {{"SCOREBOARD_ISSUERS_9_KEYS", "x"}});
}

BOOST_AUTO_TEST_CASE(what_show_prints_gives_the_same_issuers_again) {
  const auto loaded = load_text(acme);
  const std::string shown = show(loaded);
  BOOST_TEST(shown.find("algorithms = \"RS256,ES256,EdDSA\"  # default\n") != std::string::npos);
  const auto again = load_text(shown);
  for (const Fault& fault : again.faults) BOOST_ERROR(to_string(fault));
  BOOST_TEST(again.settings.issuers.at("acme").issuer == "https://a.example");
}

// The example of the shipped file is a good one once its marks of a comment are gone.
BOOST_AUTO_TEST_CASE(the_default_file_explains_every_key_of_an_issuer) {
  const std::string text = default_file();
  std::string example = text.substr(text.find("# [issuers.example]"));
  for (const IssuerKey& key : issuer_keys()) {
    BOOST_TEST(example.find("\n# " + std::string(key.name) + " = ") != std::string::npos, key.name);
  }
  std::string bare;
  std::istringstream lines(example);
  for (std::string line; std::getline(lines, line);) {
    const bool setting = line.starts_with("# [") || line.find(" = \"") != std::string::npos;
    if (setting) bare += line.substr(2) + "\n";
  }
  const auto loaded = load_text(bare);
  for (const Fault& fault : loaded.faults) BOOST_ERROR(to_string(fault));
  BOOST_TEST(loaded.settings.issuers.count("example") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
