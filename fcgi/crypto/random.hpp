// SPDX-License-Identifier: Apache-2.0
// Random bytes fit for keys. A generator that fails is a fault and throws: the alternative would be
// a predictable key.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace scoreboard::crypto {

std::vector<unsigned char> random_bytes(std::size_t size);
std::string random_hex(std::size_t bytes);  // twice as many lower-case digits

}  // namespace scoreboard::crypto
