// SPDX-License-Identifier: Apache-2.0
#include "fanout/messages.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace scoreboard::bench {
namespace {

constexpr int text_frame = 1;
constexpr int close_frame = 8;
constexpr int ping_frame = 9;
constexpr int pong_frame = 10;
constexpr std::size_t message_bytes_max = 1 << 20;

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

bool take_frames(std::string& bytes, const Heard& heard) {
  const std::string_view all = bytes;
  std::size_t at = 0;
  bool going = true;
  while (going && all.size() - at >= 2) {
    const auto first = static_cast<unsigned char>(all[at]);
    std::uint64_t size = static_cast<unsigned char>(all[at + 1]);
    const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (size > 127 || first < 0x80) return false;  // masked, or in fragments
    if (all.size() - at < 2 + more) break;
    if (more > 0) size = big_endian(all.substr(at + 2, more));
    if (size > message_bytes_max) return false;
    if (all.size() - at < 2 + more + size) break;
    const std::string_view payload = all.substr(at + 2 + more, size);
    at += 2 + more + size;
    const int opcode = first & 0x0f;
    if (opcode == text_frame) heard.message(payload);
    if (opcode == ping_frame) heard.ping(payload);
    going = opcode == text_frame || opcode == ping_frame || opcode == pong_frame;
    if (opcode == close_frame) going = false;
  }
  bytes.erase(0, at);
  return going;
}

std::string client_frame(int opcode, std::string_view payload) {
  std::string frame;
  frame += static_cast<char>(0x80 | opcode);
  frame += static_cast<char>(0x80 | payload.size());
  frame.append(4, '\0');  // a mask of zeros changes nothing
  frame += payload;
  return frame;
}

// Moves whole and partial chunks to text_.
bool EventStream::unchunk(std::string& bytes) {
  std::size_t at = 0;
  bool going = true;
  while (at < bytes.size()) {
    if (left_ > 0) {
      const std::size_t part = std::min(left_, bytes.size() - at);
      text_.append(bytes, at, part);
      at += part;
      left_ -= part;
      chunk_ends_ = left_ == 0;
      continue;
    }
    if (chunk_ends_) {
      if (bytes.size() - at < 2) break;
      at += 2;
      chunk_ends_ = false;
      continue;
    }
    const std::size_t end = bytes.find("\r\n", at);
    if (end == std::string::npos) break;
    left_ = std::strtoul(bytes.c_str() + at, nullptr, 16);
    at = end + 2;
    if (left_ == 0 || left_ > message_bytes_max) {
      going = false;
      break;
    }
  }
  bytes.erase(0, at);
  return going;
}

bool EventStream::take(std::string& bytes, const Heard& heard) {
  bool going = true;
  if (chunked_) {
    going = unchunk(bytes);
  } else {
    text_ += bytes;
    bytes.clear();
  }
  std::size_t at = 0;
  for (std::size_t end; (end = text_.find('\n', at)) != std::string::npos; at = end + 1) {
    const std::string_view line = std::string_view(text_).substr(at, end - at);
    if (line.starts_with("data: ")) heard.message(line.substr(6));  // a board is one line
  }
  text_.erase(0, at);
  return going && text_.size() <= message_bytes_max;
}

}  // namespace scoreboard::bench
