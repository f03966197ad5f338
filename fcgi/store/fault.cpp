// SPDX-License-Identifier: Apache-2.0
#include "store/fault.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace scoreboard::store {
namespace {

Error unavailable(std::string log) {
  return {.code = ErrorCode::unavailable,
          .log = std::move(log),
          .reason = "the database is unavailable",
          .retry_after = std::chrono::seconds{1}};
}

constexpr std::string_view unique_violation = "23505";
constexpr std::array<std::string_view, 2> transient = {"40001",
                                                       "40P01"};  // serialization, deadlock
// The connection is good, the transaction is not: a timeout of ours.
constexpr std::array<std::string_view, 2> timeouts = {"57014", "55P03"};
// 08 connection, 25006 read-only server (a standby, or a primary that was one), 53 resources (disk
// full, memory, too many connections), 57P shutting down or terminated, 58 and XX the system.
constexpr std::array<std::string_view, 6> gone = {"08", "25006", "53", "57P", "58", "XX"};

bool contains(const auto& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

DriverFault sqlite_fault(int extended_code) {
  const std::string log =
      "sqlite " + std::to_string(extended_code) + ": " + sqlite3_errstr(extended_code);
  switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      return {{.code = ErrorCode::already_exists, .log = log}, FaultKind::statement};
    default:
      break;
  }
  switch (extended_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOMEM:
      return {unavailable(log), FaultKind::connection};
    default:
      return {{.code = ErrorCode::internal, .log = log}, FaultKind::connection};
  }
}

DriverFault postgresql_fault(std::string_view sqlstate) {
  if (sqlstate.empty()) return {unavailable("postgresql: connection lost"), FaultKind::connection};
  const std::string log = "postgresql " + std::string(sqlstate);
  if (sqlstate == unique_violation) {
    return {{.code = ErrorCode::already_exists, .log = log}, FaultKind::statement};
  }
  if (contains(transient, sqlstate)) return {unavailable(log), FaultKind::transient};
  if (contains(timeouts, sqlstate)) return {unavailable(log), FaultKind::statement};
  for (const std::string_view state : gone) {
    if (sqlstate.starts_with(state)) return {unavailable(log), FaultKind::connection};
  }
  return {{.code = ErrorCode::internal, .log = log}, FaultKind::connection};
}

Error cannot_connect(const std::string& reason) {
  return unavailable("cannot connect to the database: " + reason);
}

}  // namespace scoreboard::store
