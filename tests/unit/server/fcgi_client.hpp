// SPDX-License-Identifier: Apache-2.0
// A FastCGI client of a few lines, which can also lie, stall and break off. Written from the
// FastCGI specification, not with libfcgi, so that the two check each other.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "ops/descriptor.hpp"

namespace scoreboard::test {

using Params = std::map<std::string, std::string>;

std::string begin_record(bool keep_connection = false, int role = 1);
std::string params_records(const Params& wanted);
std::string stdin_records(std::string_view body);  // with the empty record that ends them
std::string whole_request(const Params& wanted, std::string_view body = {});

// A listening unix socket in a directory of its own.
class Listener {
 public:
  Listener();
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  int number() const { return socket_.get(); }
  Descriptor connect() const;

 private:
  std::filesystem::path directory_;
  Descriptor socket_;
};

// False when the peer stopped reading.
bool send_bytes(const Descriptor& connection, std::string_view bytes);
// Everything up to the end of the connection. Empty also when it was reset.
std::string receive_all(const Descriptor& connection);

struct Answer {
  int status = 0;  // 0: no answer
  std::string head;
  std::string body;
  bool ended = false;  // FCGI_END_REQUEST with status "request complete" came
};
Answer parse_answer(std::string_view records);

// One request over a connection of its own. Like Nginx it gives up when it cannot send everything.
Answer ask(const Listener& listener, const Params& wanted, std::string_view body = {});

}  // namespace scoreboard::test
