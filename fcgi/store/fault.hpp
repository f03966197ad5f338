// SPDX-License-Identifier: Apache-2.0
// The one place where a driver's words become ours.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "outcome/error.hpp"

namespace scoreboard::store {

// What a failed statement means for the connection and the transaction it was in.
enum class FaultKind : std::uint8_t {
  statement,   // this statement cannot be; the connection is good
  transient,   // rolled back for the sake of another transaction; run it again from its beginning
  connection,  // the connection is of no more use
};

// What went wrong, as a counter tells it: the classes of SQLSTATE that we meet.
enum class FaultClass : std::uint8_t {
  connection,   // 08
  read_only,    // 25
  rolled_back,  // 40
  resources,    // 53
  locked,       // 55
  stopped,      // 57
  system,       // 58
  damage,       // XX
  other,
};
inline constexpr std::size_t fault_classes = 9;
// "08"; "other" for every class that is not listed.
std::string_view sqlstate_class(FaultClass of);

// A failed statement, already in our words: thrown where it failed, because a later ROLLBACK wipes
// out what the driver knew, and caught by the pool.
class DriverFault : public std::runtime_error {
 public:
  DriverFault(Error error, FaultKind kind, FaultClass of = FaultClass::other)
      : std::runtime_error(error.log), error_(std::move(error)), kind_(kind), class_(of) {}
  const Error& error() const { return error_; }
  FaultKind kind() const { return kind_; }
  FaultClass fault_class() const { return class_; }

 private:
  Error error_;
  FaultKind kind_;
  FaultClass class_;
};

// already_exists for a broken unique key; unavailable, with retry_after, for a database that is
// busy, full, read-only, unreadable or gone; internal for everything else. The log text names codes
// only: a driver's message may hold users' values.
DriverFault sqlite_fault(int extended_code);
// `sqlstate` has five characters (PostgreSQL manual, appendix A); empty: the connection was lost.
DriverFault postgresql_fault(std::string_view sqlstate);

// For a server that says nothing, neither yes nor no.
DriverFault silent_fault();

// For a connection that could not be made.
Error cannot_connect(const std::string& reason);

}  // namespace scoreboard::store
