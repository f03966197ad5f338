// SPDX-License-Identifier: Apache-2.0
// The golden vectors of tests/vectors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"

namespace scoreboard::auth::test {

// A list of a file; fails the test if it cannot be read or is empty.
std::vector<json::Value> vector_list(const std::string& file_name, std::string_view list);
// The "cases".
std::vector<json::Value> vector_cases(const std::string& file_name);
// The "keys", which cases name by their place in it.
std::vector<std::string> vector_keys(const std::string& file_name);
// These throw if there is no such member.
std::string text_of(const json::Value& vector, std::string_view name);
std::int64_t number_of(const json::Value& vector, std::string_view name);

}  // namespace scoreboard::auth::test
