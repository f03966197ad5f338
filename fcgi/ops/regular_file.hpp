// SPDX-License-Identifier: Apache-2.0
// A small file of an operator's, read as what it is: a FIFO, a device or a directory in its place
// is refused, and nobody waits for it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <vector>

#include "ops/descriptor.hpp"
#include "outcome/result.hpp"

namespace scoreboard {

class RegularFile {
 public:
  // Errors tell the reason and not the name, which the caller knows.
  static Result<RegularFile> open(const std::filesystem::path& file);

  // Of the file that is open: the name may be another's by now.
  mode_t mode() const { return mode_; }
  // All of it; a file above `bytes_max` is refused, however far it goes on.
  Result<std::vector<unsigned char>> read(std::size_t bytes_max) const;

 private:
  RegularFile(Descriptor opened, mode_t mode) : opened_(std::move(opened)), mode_(mode) {}

  Descriptor opened_;
  mode_t mode_;
};

// Whether two paths lead to the same file, by whatever spelling or link, if it is there; if not,
// whether they would.
bool same_file(const std::filesystem::path& one, const std::filesystem::path& other);

}  // namespace scoreboard
