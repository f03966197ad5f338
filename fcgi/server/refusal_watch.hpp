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

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "metrics/instruments.hpp"
#include "ops/current.hpp"
#include "server/refusals.hpp"

namespace scoreboard::server {

struct RefusalCounters {
  metrics::Counter refused = {};  // requests that Nginx refused
  metrics::Counter blocked = {};  // addresses
};

class RefusalWatch {
 public:
  // Who is blocked: a refusals_max of one address in a minute, and a block as Nginx tells it.
  // Starts its thread. Throws nothing: a host without the directory has no blocks, and a log line.
  RefusalWatch(std::filesystem::path runtime_directory, Refusals::Options options,
               RefusalCounters counters = {});
  ~RefusalWatch();  // stops and joins
  // Within a quarter of a second. Thread-safe.
  void change(Refusals::Options options);
  RefusalWatch(const RefusalWatch&) = delete;
  RefusalWatch& operator=(const RefusalWatch&) = delete;

 private:
  Current<Refusals::Options> options_;
  RefusalCounters counters_;
  std::jthread thread_;  // last: it reads the others
};

// The address that a datagram ends with, if it is one: it becomes a file's name.
std::optional<std::string> refused_address(std::string_view datagram);

}  // namespace scoreboard::server
