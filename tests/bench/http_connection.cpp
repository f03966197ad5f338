// SPDX-License-Identifier: Apache-2.0
#include "http_connection.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

namespace scoreboard::bench {
namespace {

// The value of a header line, if it is the one of this name.
bool header(std::string_view line, std::string_view name, std::string_view* value) {
  if (line.size() <= name.size() || line[name.size()] != ':') return false;
  if (strncasecmp(line.data(), name.data(), name.size()) != 0) return false;
  line.remove_prefix(name.size() + 1);
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  *value = line;
  return true;
}

bool number(std::string_view text, int base, std::size_t* value) {
  return std::from_chars(text.data(), text.data() + text.size(), *value, base).ec == std::errc{};
}

}  // namespace

HttpConnection::HttpConnection(int port)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (!socket_) throw std::system_error(errno, std::generic_category(), "socket");
  const int on = 1;
  setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    state_ = State::broken;
  }
}

void HttpConnection::send(std::string request) {
  out_ = std::move(request);
  sent_ = 0;
  in_.clear();
  answer_ = {};
  body_at_ = 0;
  state_ = State::waiting;
  if (!flush()) state_ = State::broken;
}

bool HttpConnection::flush() {
  while (sent_ < out_.size()) {
    const ssize_t gone =
        ::send(socket_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    // A socket that is still connecting is told later that it can write.
    if (gone < 0) return errno == EAGAIN || errno == ENOTCONN;
    sent_ += static_cast<std::size_t>(gone);
  }
  return true;
}

void HttpConnection::advance(bool ended) {
  if (state_ == State::waiting && !flush()) state_ = State::broken;
  if (state_ == State::waiting || state_ == State::idle) receive(ended);
  if (ended) answer_.closes = true;
}

void HttpConnection::receive(bool ended) {
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t got = recv(socket_.get(), part.data(), part.size(), 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
      const bool meant =
          got == 0 && state_ == State::waiting && body_at_ != 0 && length_ == Length::until_closed;
      answer_.closes = true;
      state_ = meant ? State::answered : State::broken;
      return;
    }
    if (state_ == State::waiting) {
      in_.append(part.data(), static_cast<std::size_t>(got));
      if (body_at_ == 0) parse_head();
      if (body_at_ != 0 && whole()) state_ = State::answered;
    }
    // A part that does not fill the buffer was the last one there (epoll(7)), but for the end
    // itself.
    if (static_cast<std::size_t>(got) < part.size() && !(ended && state_ == State::waiting)) return;
  }
}

void HttpConnection::parse_head() {
  const std::size_t end = in_.find("\r\n\r\n");
  if (end == std::string::npos) return;
  body_at_ = end + 4;
  length_ = Length::until_closed;
  std::size_t status = 0;
  number(std::string_view(in_).substr(9, 3), 10, &status);
  answer_.status = static_cast<int>(status);
  std::string_view rest = std::string_view(in_).substr(0, end + 2);
  while (!rest.empty()) {
    const std::size_t line_end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, line_end);
    std::string_view value;
    if (header(line, "Content-Length", &value) && number(value, 10, &body_bytes_)) {
      length_ = Length::stated;
    } else if (header(line, "Transfer-Encoding", &value) && value == "chunked") {
      length_ = Length::chunked;
    } else if (header(line, "Retry-After", &value)) {
      answer_.retry_after = true;
    } else if (header(line, "Connection", &value) && value == "close") {
      answer_.closes = true;
    }
    rest.remove_prefix(line_end + 2);
  }
}

bool HttpConnection::whole() const {
  switch (length_) {
    case Length::stated:
      return in_.size() >= body_at_ + body_bytes_;
    case Length::chunked:
      return chunks_whole();
    case Length::until_closed:
      break;
  }
  return false;
}

bool HttpConnection::chunks_whole() const {
  std::size_t at = body_at_;
  for (;;) {
    const std::size_t line_end = in_.find("\r\n", at);
    std::size_t bytes = 0;
    if (line_end == std::string::npos ||
        !number(std::string_view(in_).substr(at, line_end - at), 16, &bytes)) {
      return false;
    }
    at = line_end + 2 + bytes + 2;
    if (at > in_.size()) return false;
    if (bytes == 0) return true;
  }
}

HttpAnswer HttpConnection::take_answer() {
  state_ = State::idle;
  return answer_;
}

}  // namespace scoreboard::bench
