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
// 08 connection, 25006 read-only server (a standby, or a primary that was one), 42501 the server
// may not write its own files (or a role was not granted what it needs), 53 resources (disk full,
// memory, too many connections), 57P shutting down or terminated, 58 and XX the system.
constexpr std::array<std::string_view, 7> gone = {"08", "25006", "42501", "53", "57P", "58", "XX"};

constexpr std::array<std::string_view, fault_classes> class_names = {"08", "25", "40", "53",   "55",
                                                                     "57", "58", "XX", "other"};

FaultClass class_of(std::string_view sqlstate) {
  const auto* const found =
      std::find(class_names.begin(), class_names.end() - 1, sqlstate.substr(0, 2));
  return static_cast<FaultClass>(found - class_names.begin());
}

FaultClass class_of_sqlite(int primary_code) {
  switch (primary_code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return FaultClass::locked;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
      return FaultClass::resources;
    case SQLITE_READONLY:
      return FaultClass::read_only;
    case SQLITE_IOERR:
      return FaultClass::system;
    case SQLITE_CANTOPEN:
      return FaultClass::connection;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return FaultClass::damage;
    default:
      return FaultClass::other;
  }
}

bool contains(const auto& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

std::string_view sqlstate_class(FaultClass of) {
  return class_names[static_cast<std::size_t>(of)];
}

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
  const FaultClass of = class_of_sqlite(extended_code & 0xff);
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
      return {unavailable(log), FaultKind::connection, of};
    default:
      return {{.code = ErrorCode::internal, .log = log}, FaultKind::connection, of};
  }
}

DriverFault postgresql_fault(std::string_view sqlstate) {
  // Who has no answer has no code, which SOCI spells as five blanks.
  if (sqlstate.find_first_not_of(' ') == std::string_view::npos) {
    return {unavailable("postgresql: connection lost"), FaultKind::connection,
            FaultClass::connection};
  }
  const FaultClass of = class_of(sqlstate);
  const std::string log = "postgresql " + std::string(sqlstate);
  if (sqlstate == unique_violation) {
    return {{.code = ErrorCode::already_exists, .log = log}, FaultKind::statement, of};
  }
  if (contains(transient, sqlstate)) return {unavailable(log), FaultKind::transient, of};
  if (contains(timeouts, sqlstate)) return {unavailable(log), FaultKind::statement, of};
  for (const std::string_view state : gone) {
    if (sqlstate.starts_with(state)) return {unavailable(log), FaultKind::connection, of};
  }
  return {{.code = ErrorCode::internal, .log = log}, FaultKind::connection, of};
}

DriverFault silent_fault() {
  return {unavailable("postgresql: no answer in time"), FaultKind::connection,
          FaultClass::connection};
}

Error cannot_connect(const std::string& reason) {
  return unavailable("cannot connect to the database: " + reason);
}

}  // namespace scoreboard::store
