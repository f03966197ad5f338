// SPDX-License-Identifier: Apache-2.0
// Comparison whose duration does not tell how many leading bytes were right. The length is no
// secret and is compared first.
#pragma once

#include <string_view>

namespace scoreboard::crypto {

bool constant_time_equal(std::string_view left, std::string_view right);

}  // namespace scoreboard::crypto
