// SPDX-License-Identifier: Apache-2.0
// One GET, straight to a worker's socket, past Nginx: for looking at one worker of several, also
// when there is no Nginx.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "outcome/result.hpp"

namespace scoreboard::ctl {

struct FcgiAnswer {
  int status = 0;
  std::string body;
};

// As our own Nginx asks, so that paths below /internal/ are answered. not_found when nobody listens
// on the socket any more; unavailable with the reason for everything else, silence for `patience`
// among it.
Result<FcgiAnswer> fcgi_get(const std::filesystem::path& socket, const std::string& path,
                            std::chrono::seconds patience);

}  // namespace scoreboard::ctl
