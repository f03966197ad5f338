// SPDX-License-Identifier: Apache-2.0
// A client of the public API, for the demo. The only user of libcurl in this folder.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scoreboard::ctl {

struct HttpAnswer {
  int status = 0;  // 0: there was no answer, and `trouble` says why
  std::string body = {};
  std::optional<std::chrono::seconds> retry_after = {};
  std::string trouble = {};
};

// Keeps its connection between calls. One thread at a time.
class HttpClient {
 public:
  explicit HttpClient(std::string base_url);  // http://127.0.0.1:8080
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // `headers` are whole lines: "Authorization: Bearer ...".
  HttpAnswer post_json(std::string_view path, const std::string& body,
                       const std::vector<std::string>& headers = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace scoreboard::ctl
