// SPDX-License-Identifier: Apache-2.0
// One user's open connections as a small locked file; see connection_registry.hpp.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "board/ids.hpp"
#include "outcome/timestamp.hpp"

namespace scoreboard::publish {

struct OpenConnection {
  std::string id;
  Timestamp opened_at;
  SessionId session;  // whose token opened it
};

// Locked from construction to destruction, across processes; freed by the kernel when a process
// dies. Throws std::system_error when the file cannot be opened or locked.
class UserFile {
 public:
  explicit UserFile(const std::filesystem::path& file);
  ~UserFile();
  UserFile(const UserFile&) = delete;
  UserFile& operator=(const UserFile&) = delete;

  std::vector<OpenConnection> read() const;  // oldest first
  // An empty list removes the file.
  void write(const std::vector<OpenConnection>& connections);

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
};

}  // namespace scoreboard::publish
