// SPDX-License-Identifier: Apache-2.0
#include "ctl/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace scoreboard::ctl {
namespace {

// A file under a temporary name, which is gone again unless it was put in place.
class Draft {
 public:
  explicit Draft(const std::filesystem::path& file) : name_(file.string() + ".XXXXXX") {
    descriptor_ = mkostemp(name_.data(), O_CLOEXEC);  // 0600
  }
  ~Draft() {
    if (descriptor_ >= 0) close(descriptor_);
    if (descriptor_ >= 0 && !placed_) unlink(name_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  bool is_open() const { return descriptor_ >= 0; }

  bool take_owner_of(const std::filesystem::path& file) {
    struct stat about {};
    if (stat(file.c_str(), &about) != 0) return errno == ENOENT;
    const mode_t mode = S_IRUSR | S_IWUSR | (about.st_mode & S_IRGRP);
    return fchown(descriptor_, about.st_uid, about.st_gid) == 0 && fchmod(descriptor_, mode) == 0;
  }

  bool write_all(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  bool put_in_place(const std::filesystem::path& file) {
    placed_ = fsync(descriptor_) == 0 && rename(name_.c_str(), file.c_str()) == 0;
    return placed_;
  }

 private:
  std::string name_;
  int descriptor_ = -1;
  bool placed_ = false;
};

}  // namespace

Result<void> write_private_file(const std::filesystem::path& file, std::string_view text) {
  Draft draft(file);
  if (draft.is_open() && draft.take_owner_of(file) && draft.write_all(text) &&
      draft.put_in_place(file)) {
    return {};
  }
  return Error{
      .code = ErrorCode::unavailable,
      .log = "cannot write " + file.string() + ": " + std::generic_category().message(errno)};
}

}  // namespace scoreboard::ctl
