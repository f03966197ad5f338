// SPDX-License-Identifier: Apache-2.0
// A few connections shared by many threads. A connection belongs to a pool, not to a thread: 64
// request threads need only as many as the database can use at once. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "outcome/result.hpp"
#include "store/connection.hpp"
#include "store/fault.hpp"

namespace scoreboard::store {

class Pool {
 public:
  using Make = std::function<std::unique_ptr<Connection>()>;  // may throw soci_error

  Pool(int size, Make make) : make_(std::move(make)), free_(static_cast<std::size_t>(size)) {}

  // Calls `work(connection)`, which returns a Result. A fault throws the connection away and
  // becomes an error; a connection that does not come free in time is `unavailable`.
  template <class Work>
  auto with(Work work) -> decltype(work(std::declval<Connection&>())) {
    auto lease = take();
    if (!lease) return std::move(lease).error();
    std::unique_ptr<Connection> connection = *std::move(lease);
    try {
      if (!connection) connection = make_();
    } catch (const soci::soci_error& fault) {
      give_back(nullptr);
      return cannot_connect(fault);
    }
    try {
      auto result = work(*connection);
      give_back(std::move(connection));
      return result;
    } catch (const DriverFault& fault) {
      // A broken key is a statement's matter; after anything else the connection is suspect.
      if (fault.error().code != ErrorCode::already_exists) connection.reset();
      give_back(std::move(connection));
      return fault.error();
    }
  }

 private:
  Result<std::unique_ptr<Connection>> take();
  void give_back(std::unique_ptr<Connection> connection);

  Make make_;
  std::mutex mutex_;
  std::condition_variable freed_;
  // Who waits, longest first: a committer that comes back at once must not overtake a login.
  std::deque<std::uint64_t> waiting_;
  std::uint64_t next_ticket_ = 0;
  std::vector<std::unique_ptr<Connection>> free_;  // nullptr: allowed, but not made yet
};

}  // namespace scoreboard::store
