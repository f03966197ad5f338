// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_connection.hpp"

#include <filesystem>

#include "store/fault.hpp"

namespace scoreboard::store {

Result<std::string> sqlite_file(const std::string& uri) {
  constexpr std::string_view scheme = "sqlite://";
  if (uri.starts_with(scheme) && uri.size() > scheme.size() &&
      uri.find_first_of("\"' \t\n") == std::string::npos) {
    return uri.substr(scheme.size());
  }
  return Error{.code = ErrorCode::malformed,
               .log = "the database URI must be sqlite:///path/to/file, without spaces: " + uri};
}

std::unique_ptr<Connection> connect_sqlite(const std::string& file, bool create) {
  // SQLite would make an empty database of a file that is gone, and lose what it was asked for.
  if (!create && !std::filesystem::exists(file)) {
    throw soci::soci_error("no such file: " + file + "; run: scoreboardctl migrate");
  }
  auto connection = std::make_unique<Connection>("dbname=" + file + " timeout=2");
  connection->execute("PRAGMA journal_mode = WAL");
  connection->execute("PRAGMA synchronous = FULL");
  connection->execute("PRAGMA foreign_keys = ON");
  return connection;
}

}  // namespace scoreboard::store
