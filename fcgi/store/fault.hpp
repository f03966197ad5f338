// SPDX-License-Identifier: Apache-2.0
// The one place where a driver's words become ours.
#pragma once

#include <soci/soci.h>

#include <stdexcept>

#include "outcome/error.hpp"

namespace scoreboard::store {

// A failed statement, already in our words: thrown where it failed, because a later ROLLBACK wipes
// out what the driver knew, and caught by the pool.
class DriverFault : public std::runtime_error {
 public:
  explicit DriverFault(Error error) : std::runtime_error(error.log), error_(std::move(error)) {}
  const Error& error() const { return error_; }

 private:
  Error error_;
};

// already_exists for a broken unique key; unavailable, with retry_after, for a database that is
// busy, full, read-only, unreadable or gone; internal for everything else. The log text names codes
// only: SOCI's what() may hold users' values.
Error from_driver(soci::session& session);
// For a connection that could not be made.
Error cannot_connect(const soci::soci_error& fault);

}  // namespace scoreboard::store
