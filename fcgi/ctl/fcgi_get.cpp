// SPDX-License-Identifier: Apache-2.0
// FastCGI 1.0 as far as one request without a body needs it: three records out (begin, parameters,
// an empty body), records of the answer in. A record is eight bytes of head - version, type,
// request, length of content, length of padding - and its content.
#include "ctl/fcgi_get.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

namespace scoreboard::ctl {
namespace {

enum Type { begin_request = 1, end_request = 3, params = 4, standard_in = 5, standard_out = 6 };
constexpr std::size_t head_bytes = 8;
constexpr std::size_t answer_bytes_max = 4 << 20;  // metrics are some 30 KB

Error unavailable(const std::string& log) {
  return {.code = ErrorCode::unavailable, .log = log};
}

std::string record(Type type, std::string_view content) {
  const auto byte = [](std::size_t value) { return static_cast<char>(value & 0xff); };
  const std::string head{
      1, static_cast<char>(type), 0, 1, byte(content.size() >> 8), byte(content.size()), 0, 0};
  return head + std::string(content);
}

// Names and values here are shorter than 128 bytes: one byte of length each.
std::string parameter(std::string_view name, std::string_view value) {
  const std::string lengths{static_cast<char>(name.size()), static_cast<char>(value.size())};
  return lengths + std::string(name) + std::string(value);
}

std::string request_for(const std::string& path) {
  constexpr std::string_view responder("\0\1\0\0\0\0\0\0", 8);
  return record(begin_request, responder) +
         record(params, parameter("REQUEST_METHOD", "GET") + parameter("DOCUMENT_URI", path) +
                            parameter("REMOTE_ADDR", "127.0.0.1") +
                            parameter("HTTP_SCOREBOARD_INTERNAL", "1")) +
         record(params, "") + record(standard_in, "");
}

class Connection {
 public:
  Connection() : number_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Connection() {
    if (number_ >= 0) close(number_);
  }
  Connection(Connection&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Connection& operator=(Connection&&) = delete;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int get() const { return number_; }

 private:
  int number_;
};

Result<Connection> connect_to(const std::filesystem::path& path, std::chrono::seconds patience) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = path.string();
  if (name.size() >= sizeof address.sun_path) return unavailable("the path is too long");
  std::memcpy(address.sun_path, name.data(), name.size());
  Connection made;
  const timeval silence{.tv_sec = patience.count(), .tv_usec = 0};
  for (const int side : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    setsockopt(made.get(), SOL_SOCKET, side, &silence, sizeof silence);
  }
  if (connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const std::string reason = std::generic_category().message(errno);
    if (errno == ECONNREFUSED) return Error{.code = ErrorCode::not_found, .log = reason};
    return unavailable(reason);
  }
  return made;
}

Result<std::string> receive_all(const Connection& connection) {
  std::string all;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t got = recv(connection.get(), buffer.data(), buffer.size(), 0);
    if (got == 0) return all;
    if (got < 0) return unavailable("does not answer");
    all.append(buffer.data(), static_cast<std::size_t>(got));
    if (all.size() > answer_bytes_max) return unavailable("answers without end");
  }
}

// What the records carry of the answer itself.
std::string standard_output(std::string_view records) {
  std::string document;
  while (records.size() >= head_bytes) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(records[i]); };
    const std::size_t content = at(4) * 256U + at(5);
    const std::size_t whole = std::min(records.size(), head_bytes + content + at(6));
    if (at(1) == standard_out) document += records.substr(head_bytes, content);
    records.remove_prefix(whole);
  }
  return document;
}

}  // namespace

Result<FcgiAnswer> fcgi_get(const std::filesystem::path& socket, const std::string& path,
                            std::chrono::seconds patience) {
  auto connection = connect_to(socket, patience);
  if (!connection) return std::move(connection).error();
  const std::string request = request_for(path);
  if (send(connection->get(), request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size())) {
    return unavailable("takes no request");
  }
  auto records = receive_all(*connection);
  if (!records) return std::move(records).error();
  const std::string document = standard_output(*records);
  constexpr std::string_view begins = "Status: ";
  const std::size_t gap = document.find("\r\n\r\n");
  FcgiAnswer answer;
  if (gap == std::string::npos || !document.starts_with(begins)) {
    return unavailable("answers with something else");
  }
  std::from_chars(document.data() + begins.size(), document.data() + gap, answer.status);
  answer.body = document.substr(gap + 4);
  return answer;
}

}  // namespace scoreboard::ctl
