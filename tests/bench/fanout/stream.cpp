// SPDX-License-Identifier: Apache-2.0
#include "fanout/stream.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>

namespace scoreboard::bench {
namespace {

constexpr int sources = 8;  // 127.0.0.1 to 127.0.0.8

void set(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof value);
}

}  // namespace

TlsContext make_tls_context() {
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  if (!context) throw std::runtime_error("no TLS");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  return context;
}

Endpoint endpoint_of(const std::string& host, int port) {
  Endpoint found;
  found.address.sin_family = AF_INET;
  found.address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (inet_pton(AF_INET, host.c_str(), &found.address.sin_addr) != 1) {
    throw std::runtime_error("no IPv4 address: " + host);
  }
  found.loopback = host.starts_with("127.");
  return found;
}

bool Stream::connect(const Way& way) {
  close();
  socket_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return false;
  set(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
  if (way.receive_buffer > 0) set(socket_, SOL_SOCKET, SO_RCVBUF, way.receive_buffer);
  if (way.to.loopback) {
    sockaddr_in from{};
    from.sin_family = AF_INET;
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<in_addr_t>(way.source % sources));
    set(socket_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    if (bind(socket_, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) return false;
  }
  const auto* to = reinterpret_cast<const sockaddr*>(&way.to.address);
  if (::connect(socket_, to, sizeof way.to.address) != 0 && errno != EINPROGRESS) return false;
  connected_ = false;
  wants_to_write_ = true;
  if (way.tls != nullptr) {
    tls_.reset(SSL_new(way.tls));
    if (!tls_ || SSL_set_fd(tls_.get(), socket_) != 1) return false;
    SSL_set_connect_state(tls_.get());
  }
  return true;
}

Stream::Went Stream::told(int returned) {
  const int why = SSL_get_error(tls_.get(), returned);
  ERR_clear_error();
  wants_to_write_ = why == SSL_ERROR_WANT_WRITE;
  return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? Went::waits : Went::ended;
}

Stream::Went Stream::shake_hands() {
  if (!connected_) {
    int fault = 0;
    socklen_t size = sizeof fault;
    getsockopt(socket_, SOL_SOCKET, SO_ERROR, &fault, &size);
    if (fault != 0) return Went::ended;
    sockaddr_in peer{};
    socklen_t length = sizeof peer;
    if (getpeername(socket_, reinterpret_cast<sockaddr*>(&peer), &length) != 0) return Went::waits;
    connected_ = true;
    wants_to_write_ = false;
  }
  if (!tls_) return Went::on;
  const int done = SSL_do_handshake(tls_.get());
  return done == 1 ? Went::on : told(done);
}

Stream::Went Stream::write(std::string_view bytes) {
  if (tls_) {
    const int sent = SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (sent == static_cast<int>(bytes.size())) return Went::on;
    ERR_clear_error();
    return Went::ended;
  }
  const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(bytes.size()) ? Went::on : Went::ended;
}

Stream::Went Stream::read(std::span<char> into, std::size_t& got) {
  if (tls_) {
    const int count = SSL_read(tls_.get(), into.data(), static_cast<int>(into.size()));
    if (count <= 0) return told(count);
    got = static_cast<std::size_t>(count);
    return Went::on;
  }
  const ssize_t count = recv(socket_, into.data(), into.size(), 0);
  if (count > 0) {
    got = static_cast<std::size_t>(count);
    return Went::on;
  }
  return count < 0 && (errno == EAGAIN || errno == EINTR) ? Went::waits : Went::ended;
}

void Stream::close() {
  tls_.reset();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

}  // namespace scoreboard::bench
