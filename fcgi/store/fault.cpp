// SPDX-License-Identifier: Apache-2.0
#include "store/fault.hpp"

#include <soci/sqlite3/soci-sqlite3.h>

#include <string>

namespace scoreboard::store {
namespace {

Error unavailable(std::string log) {
  return {.code = ErrorCode::unavailable,
          .log = std::move(log),
          .reason = "the database is unavailable",
          .retry_after = std::chrono::seconds{1}};
}

}  // namespace

Error from_driver(soci::session& session) {
  // SOCI keeps only the primary code; the extended one is still in the handle.
  auto* backend = static_cast<soci::sqlite3_session_backend*>(session.get_backend());
  const int code = sqlite_api::sqlite3_extended_errcode(backend->conn_);
  const std::string log =
      "sqlite " + std::to_string(code) + ": " + sqlite_api::sqlite3_errstr(code);
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      return {.code = ErrorCode::already_exists, .log = log};
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOMEM:
      return unavailable(log);
    default:
      return {.code = ErrorCode::internal, .log = log};
  }
}

Error cannot_connect(const soci::soci_error& fault) {
  return unavailable(std::string("cannot open the database: ") + fault.what());
}

}  // namespace scoreboard::store
