// SPDX-License-Identifier: Apache-2.0
#include "fanout/changer.hpp"

#include <fmt/core.h>
#include <sys/epoll.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace scoreboard::bench {
namespace {

constexpr Nanos answer_limit = 10 * nanos_of_s;

void replace_number(std::string& text, std::size_t at, Mark number) {
  const std::size_t end = text.find_first_not_of("0123456789", at);
  text.replace(at, end - at, std::to_string(number));
}

// The board with this score on top and this version: as long as the template while the numbers are.
std::string board_of(std::string text, Mark number) {
  constexpr std::string_view score = "\"score\":";
  constexpr std::string_view version = "\"version\":";
  const std::size_t last = text.rfind(version);
  const std::size_t first = text.find(score);
  if (first == std::string::npos || last == std::string::npos) {
    throw std::runtime_error("the message to publish is no board with anybody on it");
  }
  replace_number(text, last + version.size(), number);
  replace_number(text, first + score.size(), number);
  return text;
}

}  // namespace

std::string Changer::request(int player) {
  if (wanted_.players != nullptr) return wanted_.players->increment(player);
  if (published_ == 0) published_ = shown_by(wanted_.message).value_or(Shown{}).mark;
  ++published_;
  const std::string body = board_of(wanted_.message, published_);
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      wanted_.publish, body.size(), body);
}

void Changer::begin(int player, std::function<void(const Change&)> answered) {
  answered_ = std::move(answered);
  request_ = request(player);
  answer_.clear();
  change_ = {};
  in_flight_ = true;
  const std::uint64_t number = ++number_;
  loop_.at(now() + answer_limit, [this, number] {
    if (in_flight_ && number_ == number) finish(0);
  });
  change_.began = now();
  if (stream_.open() && ready_to_send_) return send();
  ready_to_send_ = false;
  if (!stream_.connect({.to = wanted_.endpoint, .tls = wanted_.tls})) {
    loop_.at(now(), [this] { finish(0); });
    return;
  }
  loop_.watch(stream_.descriptor(), *this, EPOLLOUT);
}

void Changer::send() {
  change_.began = now();
  if (stream_.write(request_) != Stream::Went::on) finish(0);
}

void Changer::ready(std::uint32_t /*events*/) {
  if (!stream_.open()) return;
  if (!ready_to_send_) {
    const auto went = stream_.shake_hands();
    if (went == Stream::Went::ended) return finish(0);
    ready_to_send_ = went == Stream::Went::on;
    loop_.change(stream_.descriptor(), *this, stream_.wants_to_write() ? EPOLLOUT : EPOLLIN);
    if (ready_to_send_) send();
    return;
  }
  static std::array<char, 16384> buffer;  // there is one thread
  std::size_t got = 0;
  const auto went = stream_.read(buffer, got);
  if (went == Stream::Went::waits) return;
  if (went == Stream::Went::ended) return finish(0);
  answer_.append(buffer.data(), got);
  if (in_flight_ && whole())
    finish(static_cast<int>(std::strtol(answer_.c_str() + 9, nullptr, 10)));
}

bool Changer::whole() const {
  constexpr std::string_view length = "Content-Length: ";
  const std::size_t head = answer_.find("\r\n\r\n");
  if (head == std::string::npos) return false;
  const std::size_t at = answer_.find(length);
  if (at > head) return answer_.ends_with("0\r\n\r\n");
  return answer_.size() >=
         head + 4 + std::strtoul(answer_.c_str() + at + length.size(), nullptr, 10);
}

void Changer::finish(int status) {
  if (status == 0 || answer_.find("Connection: close") != std::string::npos) stream_.close();
  if (!in_flight_) return;  // a kept connection's end between two requests
  in_flight_ = false;
  constexpr std::string_view score = "\"newScore\":";
  const std::size_t at = answer_.find(score);
  if (wanted_.players != nullptr && status == 200 && at != std::string::npos) {
    change_.mark = std::strtoll(answer_.c_str() + at + score.size(), nullptr, 10);
    change_.answered = now();
  } else if (wanted_.players == nullptr && (status == 201 || status == 202)) {
    change_.mark = published_;
    change_.answered = now();
  } else {
    refusals_.push_back(status);
  }
  const auto answered = std::move(answered_);
  answered(change_);
}

}  // namespace scoreboard::bench
