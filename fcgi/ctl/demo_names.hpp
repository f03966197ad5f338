// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>

namespace scoreboard::ctl {

// A user name as a person might choose it: SwiftOtter, mika_82, Juno.Falcon.
std::string demo_name(std::mt19937_64& random);

}  // namespace scoreboard::ctl
