// SPDX-License-Identifier: Apache-2.0
// The FastCGI side: a listening unix socket made by somebody else (systemd, the supervisor of
// scripts/run), one thread that accepts, `threads` that serve. The only place that knows libfcgi.
//
// The listener outlives the worker, so a worker can be killed and replaced without a refused
// connection: what was not accepted waits in the kernel. One connection carries one request
// (fastcgi_keep_conn off); a connection is accepted only when a thread is free to serve it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "http/request.hpp"
#include "http/response.hpp"
#include "outcome/result.hpp"
#include "server/request_trace.hpp"

namespace scoreboard::server {

class FcgiServer {
 public:
  struct Options {
    int listener = 3;
    int threads = 64;
    std::int64_t body_bytes_max = 8192;
    Tracing tracing = {};
  };
  using Handler = std::function<http::Response(const http::Request&)>;

  // Blocks all signals in its threads. The handler must not throw.
  FcgiServer(Options options, Handler handler);
  ~FcgiServer();  // stop()
  FcgiServer(const FcgiServer&) = delete;
  FcgiServer& operator=(const FcgiServer&) = delete;

  // How long the accepting thread has not moved. Above a second or so, every serving thread is at
  // work and none gets done.
  std::chrono::milliseconds still_for() const;

  // Accepts nothing more, serves what was accepted, joins. Idempotent.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The listening socket this process was given: LISTEN_FDS (sd_listen_fds(3)), else descriptor 0
// if it is a listening socket. unavailable, with advice, when there is none.
Result<int> inherited_listener();

}  // namespace scoreboard::server
