// SPDX-License-Identifier: Apache-2.0
#include "unit/auth/vector_file.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

namespace scoreboard::auth::test {

std::vector<json::Value> vector_list(const std::string& file_name, std::string_view list) {
  std::ifstream file(std::string(SCOREBOARD_SOURCE_DIR) + "/tests/vectors/" + file_name);
  BOOST_TEST_REQUIRE(file.good(), file_name);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto document = json::parse_object(text);
  BOOST_TEST_REQUIRE(bool(document), file_name);
  auto all = document->find(list).value_or(json::Value()).elements();
  BOOST_TEST_REQUIRE(!all.empty());
  return all;
}

std::vector<json::Value> vector_cases(const std::string& file_name) {
  return vector_list(file_name, "cases");
}

std::vector<std::string> vector_keys(const std::string& file_name) {
  std::vector<std::string> keys;
  for (const json::Value& key : vector_list(file_name, "keys")) keys.push_back(key.string());
  return keys;
}

std::string text_of(const json::Value& vector, std::string_view name) {
  return vector.find(name).value_or(json::Value()).string();
}

std::int64_t number_of(const json::Value& vector, std::string_view name) {
  return vector.find(name).value_or(json::Value()).integer();
}

}  // namespace scoreboard::auth::test
