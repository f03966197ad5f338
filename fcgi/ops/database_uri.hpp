// SPDX-License-Identifier: Apache-2.0
// Which database a URI is for, by its scheme: what a configuration may say and what a store opens.
#pragma once

#include <optional>
#include <string_view>

namespace scoreboard {

enum class DatabaseKind { sqlite, postgresql };

inline constexpr std::string_view sqlite_scheme = "sqlite://";

inline std::optional<DatabaseKind> database_kind(std::string_view uri) {
  if (uri.starts_with(sqlite_scheme)) return DatabaseKind::sqlite;
  // libpq takes both (PostgreSQL manual, 34.1.1.2).
  if (uri.starts_with("postgresql://") || uri.starts_with("postgres://")) {
    return DatabaseKind::postgresql;
  }
  return std::nullopt;
}

}  // namespace scoreboard
