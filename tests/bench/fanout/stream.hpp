// SPDX-License-Identifier: Apache-2.0
// A TCP connection that never blocks, with TLS or without. Nothing is verified: it measures.
#pragma once

#include <netinet/in.h>
#include <openssl/ssl.h>

#include <memory>
#include <span>
#include <string>

namespace scoreboard::bench {

struct SslDeleter {
  void operator()(SSL* one) const { SSL_free(one); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, SslDeleter>;

// For all connections: TLS 1.2 or 1.3, HTTP/1.1. Throws std::runtime_error.
TlsContext make_tls_context();

struct Endpoint {
  sockaddr_in address{};
  bool loopback = false;  // then sources are spread: a port of each address for each connection
};
// Throws std::runtime_error if `host` is no IPv4 address.
Endpoint endpoint_of(const std::string& host, int port);

class Stream {
 public:
  Stream() = default;
  ~Stream() { close(); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  enum class Went { on, waits, ended };

  struct Way {
    const Endpoint& to;
    SSL_CTX* tls = nullptr;  // none: plain TCP; outlives the stream
    int source = 0;          // which of the loopback addresses
    int receive_buffer = 0;  // bytes; 0: the system's
  };
  // False if it could not even begin.
  bool connect(const Way& way);
  // The rest of connecting, whenever the socket is ready: `on` when bytes can flow.
  Went shake_hands();
  // All of it or `ended`: what is sent here fits any socket's buffer.
  Went write(std::string_view bytes);
  // `on` with `got` bytes.
  Went read(std::span<char> into, std::size_t& got);
  // More has arrived than was read, inside TLS where epoll cannot see it.
  bool more_inside() const { return tls_ && SSL_pending(tls_.get()) > 0; }
  bool wants_to_write() const { return wants_to_write_; }
  void close();
  int descriptor() const { return socket_; }
  bool open() const { return socket_ >= 0; }

 private:
  Went told(int returned);

  int socket_ = -1;
  bool connected_ = false;
  bool wants_to_write_ = false;
  std::unique_ptr<SSL, SslDeleter> tls_;
};

}  // namespace scoreboard::bench
