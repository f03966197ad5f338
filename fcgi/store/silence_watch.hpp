// SPDX-License-Identifier: Apache-2.0
// A server that says nothing. Timeouts of statements are the server's own, and one that stands
// still keeps none; its kernel goes on confirming what arrives, so no timeout of TCP helps, and a
// unix socket has none. libpq waits for as long as the socket is open. So somebody looks: a call
// that has had no answer for too long loses its socket, by shutdown(2), and fails as on a lost
// connection.
//
// The server's own timeouts come first (2 s a statement), so that a busy server is not taken for a
// silent one.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "ops/descriptor.hpp"

namespace scoreboard::store {

class WatchedSocket;

// Of all connections to one database. Its thread starts with the first. Thread-safe.
class SilenceWatch {
 public:
  explicit SilenceWatch(std::chrono::milliseconds silence_max) : silence_max_(silence_max) {}

 private:
  friend class WatchedSocket;
  void add(WatchedSocket& one);
  void remove(WatchedSocket& one);
  void watch(const std::stop_token& stop);

  const std::chrono::milliseconds silence_max_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::set<WatchedSocket*> watched_;
  std::jthread thread_;
};

// One connection's, for the thread that uses the connection.
class WatchedSocket {
 public:
  // `socket` is a duplicate: the number of the driver's own may have another meaning by the time
  // that it is cut.
  WatchedSocket(std::shared_ptr<SilenceWatch> watch, Descriptor socket);
  ~WatchedSocket();
  WatchedSocket(const WatchedSocket&) = delete;
  WatchedSocket& operator=(const WatchedSocket&) = delete;

  void asked();     // an answer is awaited from now on
  void answered();  // it has come, or never will
  bool fell_silent() const { return fell_silent_; }
  // The last that was heard of the server.
  std::chrono::steady_clock::time_point heard_at() const { return heard_at_; }
  // Whatever is said on it from now on fails at once. Before a connection is thrown away for what
  // is wrong with its server: it would take its leave, and wait for an answer.
  void hang_up();

 private:
  friend class SilenceWatch;
  using Steady = std::chrono::steady_clock;
  void look(Steady::time_point now, std::chrono::milliseconds silence_max);

  std::shared_ptr<SilenceWatch> watch_;
  Descriptor socket_;
  std::atomic<Steady::rep> asked_at_{0};  // 0: nothing is awaited
  std::atomic<bool> fell_silent_{false};
  Steady::time_point heard_at_ = Steady::now();
};

}  // namespace scoreboard::store
