// SPDX-License-Identifier: Apache-2.0
#include "fanout/watcher.hpp"

#include <fmt/core.h>
#include <sys/epoll.h>

#include <array>
#include <cstdlib>

namespace scoreboard::bench {
namespace {

constexpr int deaf_receive_buffer = 4096;
constexpr int pong_frame = 10;
constexpr std::size_t head_bytes_max = 16384;

std::string question(Kind kind, const Watcher::Target& target) {
  const std::string_view more = kind == Kind::websocket
                                    ? "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                      "Sec-WebSocket-Version: 13\r\n"
                                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                    : "Accept: text/event-stream\r\n";
  return fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n{}\r\n", target.path, target.host, more);
}

}  // namespace

Watcher::Watcher(Loop& loop, Audience& audience, const Target& target, std::size_t number)
    : loop_(loop), audience_(audience), target_(target), number_(number) {}

void Watcher::open(Kind kind, bool deaf) {
  close();
  kind_ = kind;
  deaf_ = deaf;
  refusal_ = 0;
  if (!stream_.connect({.to = target_.endpoint,
                        .tls = target_.tls,
                        .source = static_cast<int>(number_ % 1024),
                        .receive_buffer = deaf ? deaf_receive_buffer : 0})) {
    loop_.at(now(), [this] { end(); });
    return;
  }
  state_ = State::connecting;
  loop_.watch(stream_.descriptor(), *this, EPOLLOUT);
}

void Watcher::close() {
  stream_.close();
  state_ = State::closed;
  bytes_.clear();
  events_.reset();
}

void Watcher::end() {
  close();
  audience_.ended(*this);
}

void Watcher::ready(std::uint32_t events) {
  if (state_ == State::closed) return;
  if (state_ == State::deaf) {
    // With its receive buffer full, an end comes as a reset.
    if ((events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) != 0) end();
    return;
  }
  if (state_ == State::connecting) return ask();
  read();
}

void Watcher::ask() {
  const auto went = stream_.shake_hands();
  if (went == Stream::Went::ended) return end();
  if (went == Stream::Went::waits) {
    loop_.change(stream_.descriptor(), *this, stream_.wants_to_write() ? EPOLLOUT : EPOLLIN);
    return;
  }
  if (stream_.write(question(kind_, target_)) != Stream::Went::on) return end();
  state_ = deaf_ ? State::deaf : State::asked;
  loop_.change(stream_.descriptor(), *this, deaf_ ? EPOLLRDHUP : EPOLLIN);
  if (deaf_) audience_.opened(*this);
}

void Watcher::read() {
  static std::array<char, 65536> buffer;  // there is one thread
  do {
    std::size_t got = 0;
    const auto went = stream_.read(buffer, got);
    const Nanos at = now();
    if (went == Stream::Went::ended) return end();
    if (went == Stream::Went::waits) return;
    bytes_.append(buffer.data(), got);
    if (state_ == State::asked && !take_head()) return;
    if (state_ == State::open && !take(at)) return end();
    // heard() may have closed it, and opened it anew.
  } while (state_ == State::open && stream_.more_inside());
}

// True if what follows the head can be read on.
bool Watcher::take_head() {
  const std::size_t end_of_head = bytes_.find("\r\n\r\n");
  if (end_of_head == std::string::npos) {
    if (bytes_.size() > head_bytes_max) end();
    return false;
  }
  const long status =
      bytes_.starts_with("HTTP/1.1 ") ? std::strtol(bytes_.c_str() + 9, nullptr, 10) : 0;
  if (status != (kind_ == Kind::websocket ? 101 : 200)) {
    close();
    refusal_ = static_cast<int>(status);
    audience_.ended(*this);
    return false;
  }
  const std::string_view head = std::string_view(bytes_).substr(0, end_of_head);
  events_.emplace(head.find("chunked") != std::string_view::npos);
  bytes_.erase(0, end_of_head + 4);
  state_ = State::open;
  audience_.opened(*this);
  return state_ == State::open;
}

bool Watcher::take(Nanos at) {
  bool broken = false;
  const Heard heard{
      .message = [&](std::string_view message) { audience_.heard(*this, message, at); },
      .ping =
          [&](std::string_view payload) {
            broken = stream_.write(client_frame(pong_frame, payload)) != Stream::Went::on;
          }};
  const bool good =
      kind_ == Kind::websocket ? take_frames(bytes_, heard) : events_->take(bytes_, heard);
  return good && !broken;
}

}  // namespace scoreboard::bench
