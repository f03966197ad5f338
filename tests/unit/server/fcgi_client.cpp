// SPDX-License-Identifier: Apache-2.0
#include "unit/server/fcgi_client.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace scoreboard::test {
namespace {

enum Type { begin_request = 1, end_request = 3, params = 4, standard_in = 5, standard_out = 6 };

char byte(std::size_t value) {
  return static_cast<char>(value & 0xff);
}

std::string record(int type, std::string_view content) {
  const std::string head{
      1, static_cast<char>(type), 0, 1, byte(content.size() >> 8), byte(content.size()), 0, 0};
  return head + std::string(content);
}

std::string stream(int type, std::string_view content) {
  std::string records;
  while (!content.empty()) {
    const auto part = content.substr(0, 0xffff);
    records += record(type, part);
    content.remove_prefix(part.size());
  }
  return records + record(type, "");
}

std::string length(std::size_t size) {
  if (size < 128) return {byte(size)};
  return {byte(size >> 24 | 0x80), byte(size >> 16), byte(size >> 8), byte(size)};
}

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

}  // namespace

std::string begin_record(bool keep_connection, int role) {
  const std::string body{0, static_cast<char>(role), keep_connection ? '\1' : '\0', 0, 0, 0, 0, 0};
  return record(begin_request, body);
}

std::string params_records(const Params& wanted) {
  std::string pairs;
  for (const auto& [name, value] : wanted) {
    pairs.append(length(name.size())).append(length(value.size())).append(name).append(value);
  }
  return stream(params, pairs);
}

std::string stdin_records(std::string_view body) {
  return stream(standard_in, body);
}

std::string whole_request(const Params& wanted, std::string_view body) {
  return begin_record() + params_records(wanted) + stdin_records(body);
}

Listener::Listener() {
  std::string pattern = std::filesystem::temp_directory_path() / "scoreboard-server-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
  directory_ = pattern;
  const sockaddr_un address = address_of(directory_ / "s");
  socket_ = Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (bind(number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(number(), 512) != 0) {
    throw std::runtime_error("cannot listen");
  }
}

Listener::~Listener() {
  std::filesystem::remove_all(directory_);
}

Descriptor Listener::connect() const {
  const sockaddr_un address = address_of(directory_ / "s");
  Descriptor made(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
  return made;
}

bool send_bytes(const Descriptor& connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(connection.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string receive_all(const Descriptor& connection) {
  std::string all;
  std::vector<char> buffer(65536);
  for (;;) {
    const ssize_t got = recv(connection.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0) return got == 0 ? all : "";
    all.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

Answer parse_answer(std::string_view records) {
  Answer answer;
  std::string document;
  while (records.size() >= 8) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(records[i]); };
    const std::size_t content = at(4) * 256u + at(5);
    const std::size_t whole = std::min<std::size_t>(records.size(), 8 + content + at(6));
    if (at(1) == standard_out) document += records.substr(8, content);
    if (at(1) == end_request) answer.ended = content == 8 && at(12) == 0;
    records.remove_prefix(whole);
  }
  const std::size_t gap = document.find("\r\n\r\n");
  if (gap == std::string::npos) return answer;
  answer.head = document.substr(0, gap + 2);
  answer.body = document.substr(gap + 4);
  if (answer.head.starts_with("Status: ")) {
    answer.status = static_cast<int>(std::strtol(answer.head.c_str() + 8, nullptr, 10));
  }
  return answer;
}

Answer ask(const Listener& listener, const Params& wanted, std::string_view body) {
  const auto connection = listener.connect();
  if (!send_bytes(connection, whole_request(wanted, body))) return {};
  return parse_answer(receive_all(connection));
}

}  // namespace scoreboard::test
