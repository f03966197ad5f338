// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace scoreboard::http {

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  // For the log line only: the wire code of a refusal and why, never sent.
  std::string log_code = {};
  std::string log_reason = {};
};

}  // namespace scoreboard::http
