// SPDX-License-Identifier: Apache-2.0
// Who publishes on this host: whoever holds the lock of one file. The kernel frees it with the
// process, however that ends, so there is nothing to expire and nobody to ask.
#pragma once

#include <filesystem>

namespace scoreboard::publish {

class Election {
 public:
  explicit Election(std::filesystem::path file);
  ~Election();
  Election(const Election&) = delete;
  Election& operator=(const Election&) = delete;

  // True once this process holds the lock; it keeps it until destruction.
  bool try_win();
  // Whether somebody else does. Takes the lock for an instant when nobody has it.
  static bool is_held(const std::filesystem::path& file);

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
  bool won_ = false;
};

}  // namespace scoreboard::publish
