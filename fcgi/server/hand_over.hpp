// SPDX-License-Identifier: Apache-2.0
// Between the thread that accepts and those that serve: a connection changes hands only when a
// serving thread is free, so everything else waits in the kernel, where another worker can take it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>

#include "ops/descriptor.hpp"

namespace scoreboard::server {

class HandOver {
 public:
  explicit HandOver(int servers) : free_(servers) {}

  // For the acceptor. False once stop_accepting() was called.
  bool wait_for_free_server();
  void give(Descriptor connection);

  // For a server: take a connection, hand it back to be closed. Empty once nothing will come.
  Descriptor take();
  void served(Descriptor connection);

  // Frees the acceptor; what it has accepted it may still give.
  void stop_accepting();
  // Once the acceptor has gone: nothing more comes, and servers without work may go.
  void close();
  // Waits until everything given is served. After `grace` no connection is read from any more, so
  // that a server whose client never finishes its request sees the end; answers still go out.
  void drain(std::chrono::milliseconds grace);

 private:
  std::mutex mutex_;
  std::condition_variable server_free_;
  std::condition_variable work_;
  std::condition_variable all_served_;
  std::deque<Descriptor> given_;
  std::set<int> in_hand_;  // numbers of connections that servers own
  int free_;
  bool accepting_ = true;
  bool closed_ = false;
};

}  // namespace scoreboard::server
