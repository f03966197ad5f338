// SPDX-License-Identifier: Apache-2.0
#include "server/fcgi_server.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

#include "ops/descriptor.hpp"
#include "ops/heartbeat.hpp"
#include "ops/log.hpp"
#include "server/fcgi_exchange.hpp"
#include "server/hand_over.hpp"

namespace scoreboard::server {
namespace {

// Nginx sends a request whole and reads the answer into its buffers: five seconds of silence on a
// local socket mean a dead peer.
constexpr timeval silence_max{.tv_sec = 5, .tv_usec = 0};
// A request that is under way arrives within this; what does not is no request.
constexpr std::chrono::milliseconds stop_grace{1000};
// Out of descriptors or memory: others must let go first, asking faster does not help.
constexpr int exhausted_pause_ms = 100;
// With nothing to accept: the acceptor shows that it moves.
constexpr int beat_ms = 500;

// For as long as it lives, threads started from here begin with signals blocked: libfcgi drops a
// request whose system call is interrupted. Faults of our own still end the process loudly.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t blocked;
    sigfillset(&blocked);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigdelset(&blocked, fault);
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

Descriptor accept_connection(int listener) {
  Descriptor connection(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (connection) {
    for (const int side : {SO_RCVTIMEO, SO_SNDTIMEO}) {
      setsockopt(connection.get(), SOL_SOCKET, side, &silence_max, sizeof silence_max);
    }
  }
  return connection;
}

// Somebody else was quicker, or the client has already gone.
bool harmless(int fault) {
  return fault == EAGAIN || fault == EWOULDBLOCK || fault == ECONNABORTED || fault == EINTR;
}

}  // namespace

struct FcgiServer::State {
  State(Options given, Handler serving)
      : options(given),
        handler(std::move(serving)),
        hand_over(options.threads),
        stopping(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!stopping) throw std::system_error(errno, std::generic_category(), "eventfd");
    // Several processes may share the listener: whoever loses the race must not hang in accept.
    const int flags = fcntl(options.listener, F_GETFL);
    if (flags < 0 || fcntl(options.listener, F_SETFL, flags | O_NONBLOCK) < 0) {
      throw std::system_error(errno, std::generic_category(), "listener");
    }
    prepare_libfcgi();
    start();
  }
  ~State() { stop(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void start() {
    const SignalsBlocked blocked;
    try {
      for (int i = 0; i < options.threads; ++i) {
        servers.emplace_back([this] { serve_connections(); });
      }
      acceptor = std::thread([this] { accept_connections(); });
    } catch (...) {
      stop();
      throw;
    }
  }

  void stop() {
    hand_over.stop_accepting();
    eventfd_write(stopping.get(), 1);
    if (acceptor.joinable()) acceptor.join();
    // Only now is it certain that nothing more is given.
    hand_over.close();
    hand_over.drain(stop_grace);
    for (std::thread& server : servers) server.join();
    servers.clear();
  }

  void accept_connections() {
    while (hand_over.wait_for_free_server()) {
      accepting.beat();
      std::array<pollfd, 2> watched{{{.fd = options.listener, .events = POLLIN, .revents = 0},
                                     {.fd = stopping.get(), .events = POLLIN, .revents = 0}}};
      const int ready = poll(watched.data(), watched.size(), beat_ms);
      if (watched[1].revents != 0) return;
      if (ready == 0) continue;
      Descriptor connection = accept_connection(options.listener);
      if (connection) {
        hand_over.give(std::move(connection));
      } else if (!harmless(errno)) {
        log::write(log::Level::error, "accept_failed",
                   {{"reason", std::generic_category().message(errno)}});
        poll(&watched[1], 1, exhausted_pause_ms);
      }
    }
  }

  void serve_connections() {
    while (Descriptor connection = hand_over.take()) {
      try {
        serve(connection.get(), options, handler);
      } catch (const std::exception& fault) {
        log::write(log::Level::error, "connection_failed", {{"reason", fault.what()}});
      }
      hand_over.served(std::move(connection));
    }
  }

  const Options options;
  const Handler handler;
  HandOver hand_over;
  const Descriptor stopping;
  Heartbeat accepting;
  std::vector<std::thread> servers;
  std::thread acceptor;
};

FcgiServer::FcgiServer(Options options, Handler handler)
    : state_(std::make_unique<State>(options, std::move(handler))) {}

FcgiServer::~FcgiServer() = default;

std::chrono::milliseconds FcgiServer::still_for() const {
  return state_->accepting.silent_for();
}

void FcgiServer::stop() {
  state_->stop();
}

}  // namespace scoreboard::server
