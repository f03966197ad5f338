// SPDX-License-Identifier: Apache-2.0
// A kept HTTP/1.1 connection to this machine that never blocks: one request at a time, without
// pipelining, over an edge-triggered epoll descriptor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "ops/descriptor.hpp"

namespace scoreboard::bench {

struct HttpAnswer {
  int status = 0;
  bool retry_after = false;
  bool closes = false;  // the server says that it takes no further request on this connection
};

class HttpConnection {
 public:
  enum class State { idle, waiting, answered, broken };

  explicit HttpConnection(int port);  // begins to connect; broken if even that is refused

  int descriptor() const { return socket_.get(); }
  State state() const { return state_; }
  // What has come is told once, with `answered`; then the connection is idle again.
  HttpAnswer take_answer();

  // Only when idle.
  void send(std::string request);
  // Once epoll says so. `ended`: that there is an end to be read.
  void advance(bool ended);

 private:
  bool flush();
  void receive(bool ended);
  void parse_head();
  bool whole() const;
  bool chunks_whole() const;

  Descriptor socket_;
  State state_ = State::idle;
  std::string out_;
  std::size_t sent_ = 0;
  std::string in_;
  // Of the answer that is coming.
  HttpAnswer answer_;
  std::size_t body_at_ = 0;  // 0: the head is not whole yet
  std::size_t body_bytes_ = 0;
  enum class Length { stated, chunked, until_closed } length_ = Length::until_closed;
};

}  // namespace scoreboard::bench
