// SPDX-License-Identifier: Apache-2.0
// Before anything is asked of a database: is its schema this program's? The first connection that
// is made finds out, whenever that is, because a worker may be started while its database is away.
// Once it was good nobody asks again: a schema that changes under a running worker is its
// successor's to judge. Thread-safe.
#pragma once

#include <atomic>
#include <functional>

#include "outcome/error.hpp"
#include "store/connection.hpp"

namespace scoreboard::store {

class FirstLook {
 public:
  // `told` is called with the reason, once, by whoever finds a schema that is not ours from now on.
  // Before there are threads.
  void tell(std::function<void(const Error&)> told) { tell_ = std::move(told); }

  // Throws DriverFault if the schema is not this program's, or could not be read.
  void at(Connection& connection);
  // Whether a schema was found that is not ours.
  bool refused() const { return refused_; }

 private:
  void refuse(const Error& why);

  std::function<void(const Error&)> tell_;
  std::atomic<bool> good_ = false;
  std::atomic<bool> refused_ = false;
};

}  // namespace scoreboard::store
