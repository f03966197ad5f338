// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "board/ids.hpp"

namespace scoreboard {

// Somebody whom another issuer knows. A subject means nothing without its issuer. The rest is for
// the first sight.
struct Identity {
  std::string issuer;
  std::string subject;
  UserId newcomer;
  Username wished;     // given if it is free; empty: none
  Username otherwise;  // made up, so that it is free
};

}  // namespace scoreboard
