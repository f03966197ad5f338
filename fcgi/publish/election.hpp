// SPDX-License-Identifier: Apache-2.0
// Who publishes on this host: whoever holds the lock of one file. The kernel frees it with the
// process, however that ends, so there is nothing to expire and nobody to ask. In the file stands
// up to where its holder has told of the journal, for whoever comes next.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace scoreboard::publish {

class Election {
 public:
  explicit Election(std::filesystem::path file);
  ~Election();
  Election(const Election&) = delete;
  Election& operator=(const Election&) = delete;

  // True once this process holds the lock; it keeps it until destruction.
  bool try_win();
  // For the winner. Not synchronized to the disk: what has to survive is a process.
  void remember(std::int64_t told) const;
  // What the winner before this one remembered last; nothing if there was none.
  std::optional<std::int64_t> remembered() const;
  // Whether somebody else does. Takes the lock for an instant when nobody has it.
  static bool is_held(const std::filesystem::path& file);

 private:
  std::filesystem::path file_;
  int descriptor_ = -1;
  bool won_ = false;
};

}  // namespace scoreboard::publish
