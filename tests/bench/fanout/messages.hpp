// SPDX-License-Identifier: Apache-2.0
// What a subscriber reads from its connection once the head of the answer is past: WebSocket frames
// (RFC 6455, server to client) or an event stream, in chunks (RFC 9112) or not.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace scoreboard::bench {

struct Heard {
  std::function<void(std::string_view)> message;
  std::function<void(std::string_view)> ping;  // to be answered with the same bytes
};

// Each takes what has arrived off the front of `bytes` and leaves what is not whole. False: the
// server ended it, or it is nothing that we understand.
bool take_frames(std::string& bytes, const Heard& heard);

// A masked control frame as a client sends it. `payload`: at most 125 bytes.
std::string client_frame(int opcode, std::string_view payload);

class EventStream {
 public:
  explicit EventStream(bool chunked) : chunked_(chunked) {}
  bool take(std::string& bytes, const Heard& heard);

 private:
  bool unchunk(std::string& bytes);

  bool chunked_;
  std::size_t left_ = 0;     // of the chunk that is being read
  bool chunk_ends_ = false;  // its line end comes next
  std::string text_;
};

}  // namespace scoreboard::bench
