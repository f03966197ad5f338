// SPDX-License-Identifier: Apache-2.0
// The temporary block of addresses that go on after Nginx refused them. Nginx tells of each refusal
// (429 by a limit of its own) with a datagram to <runtime>/refusals.sock, in syslog's format; who
// goes on gets a file, <runtime>/blocked/<address>, and Nginx refuses everything from an address
// that has one (nginx/snippets/blocked.conf). Nginx waits for nobody: without a worker nothing is
// counted, and the limits themselves hold on.
//
// One process of the host listens: the one that holds a lock. When it dies another takes over
// within a quarter of a second and keeps the blocks, from their beginning.
//
// Sizes met in practice: a datagram has some 50 bytes and takes 2 us; a flood of them fills the
// socket's buffer and the rest is lost, which only delays the block.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "metrics/instruments.hpp"

namespace scoreboard::server {

class RefusalWatch {
 public:
  struct Options {
    std::filesystem::path runtime_directory;
    int refusals_max = 100;           // of one address in a minute
    std::chrono::seconds block{300};  // as Nginx tells it (Retry-After)
    metrics::Counter refused = {};    // requests that Nginx refused
    metrics::Counter blocked = {};    // addresses
  };
  // Starts its thread. Throws nothing: a host without the directory has no blocks, and a log line.
  explicit RefusalWatch(Options options);
  ~RefusalWatch();  // stops and joins
  RefusalWatch(const RefusalWatch&) = delete;
  RefusalWatch& operator=(const RefusalWatch&) = delete;

 private:
  std::jthread thread_;
};

// The address that a datagram ends with, if it is one: it becomes a file's name.
std::optional<std::string> refused_address(std::string_view datagram);

}  // namespace scoreboard::server
