// SPDX-License-Identifier: Apache-2.0
#include "ops/regular_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace scoreboard {
namespace {

Error refused(std::string reason) {
  return {.code = ErrorCode::unavailable, .log = std::move(reason)};
}

Error last_system_error() {
  return refused(std::generic_category().message(errno));
}

}  // namespace

Result<RegularFile> RegularFile::open(const std::filesystem::path& file) {
  // Non-blocking, or a FIFO would hang whoever opens it.
  Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!opened) return last_system_error();
  struct stat about {};
  if (::fstat(opened.get(), &about) != 0) return last_system_error();
  if (!S_ISREG(about.st_mode)) return refused("not a regular file");
  return RegularFile(std::move(opened), about.st_mode);
}

Result<std::vector<unsigned char>> RegularFile::read(std::size_t bytes_max) const {
  std::vector<unsigned char> bytes(bytes_max + 1);
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t got = ::pread(opened_.get(), bytes.data() + filled, bytes.size() - filled,
                                static_cast<off_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return last_system_error();
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  if (filled > bytes_max) return refused("above " + std::to_string(bytes_max / 1024) + " KiB");
  bytes.resize(filled);
  return bytes;
}

bool same_file(const std::filesystem::path& one, const std::filesystem::path& other) {
  std::error_code absent;
  if (std::filesystem::equivalent(one, other, absent) && !absent) return true;
  // Links on the way are followed as far as they are there.
  const auto resolved = [](const std::filesystem::path& path) {
    std::error_code fault;
    auto found = std::filesystem::weakly_canonical(std::filesystem::absolute(path, fault), fault);
    return fault ? path.lexically_normal() : found;
  };
  return resolved(one) == resolved(other);
}

}  // namespace scoreboard
