// SPDX-License-Identifier: Apache-2.0
#include "publish/election.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace scoreboard::publish {

Election::Election(std::filesystem::path file) : file_(std::move(file)) {}

Election::~Election() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool Election::try_win() {
  if (won_) return true;
  if (descriptor_ < 0) descriptor_ = open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  won_ = descriptor_ >= 0 && flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  return won_;
}

void Election::remember(std::int64_t told) const {
  // Fails as a whole or not at all, and then the successor tells a little again.
  [[maybe_unused]] const auto written = pwrite(descriptor_, &told, sizeof told, 0);
}

std::optional<std::int64_t> Election::remembered() const {
  std::int64_t told = 0;
  if (pread(descriptor_, &told, sizeof told, 0) != sizeof told || told < 0) return std::nullopt;
  return told;
}

bool Election::is_held(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool free = flock(descriptor, LOCK_SH | LOCK_NB) == 0;
  close(descriptor);
  return !free;
}

}  // namespace scoreboard::publish
