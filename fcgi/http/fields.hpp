// SPDX-License-Identifier: Apache-2.0
// Members of a request's JSON object, or the refusal that names the field and what is wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/value.hpp"
#include "outcome/result.hpp"

namespace scoreboard::http {

// malformed, with the field and "is required" or "must be a string".
Result<std::string> required_string(const json::Value& object, std::string_view field);

// Empty when absent; malformed, with "must be an integer", for anything else, null included.
Result<std::optional<std::int64_t>> optional_integer(const json::Value& object,
                                                     std::string_view field);

}  // namespace scoreboard::http
