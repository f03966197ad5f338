// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "outcome/result.hpp"
#include "store/connection.hpp"

namespace scoreboard::store {

// The file of sqlite:///absolute/path or sqlite://relative/path; malformed for any other URI.
Result<std::string> sqlite_file(const std::string& uri);

// Opens with the settings that make a COMMIT durable and waits up to 2 s for other writers. Creates
// the file only when asked. Throws soci_error or DriverFault.
std::unique_ptr<Connection> connect_sqlite(const std::string& file, bool create = false);

}  // namespace scoreboard::store
