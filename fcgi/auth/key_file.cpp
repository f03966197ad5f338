// SPDX-License-Identifier: Apache-2.0
#include "auth/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace scoreboard::auth {
namespace {

// Some five hundred keys; rotation needs two or three.
constexpr std::size_t file_bytes_max = 65'536;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Error refused(const std::filesystem::path& file, const std::string& reason) {
  return {.code = ErrorCode::unavailable, .log = "key file " + file.string() + ": " + reason};
}

// Empty when the file is kept as it must be.
std::string fault_of_mode(::mode_t mode, Kept kept) {
  if (kept == Kept::secret && (mode & S_IRWXO) != 0) {
    return "open to others than owner and group; chmod o-rwx it";
  }
  if ((mode & S_IWOTH) != 0) return "writable by everybody; chmod o-w it";
  return {};
}

std::string last_system_error() {
  return std::generic_category().message(errno);
}

}  // namespace

Result<crypto::Secret> read_key_file(const std::filesystem::path& file, Kept kept) {
  // Non-blocking, or a FIFO in the file's place would hang the start.
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (opened.get() < 0) return refused(file, last_system_error());
  // Asked of the open descriptor: between a stat() of the name and the open() it could change.
  struct stat about {};
  if (::fstat(opened.get(), &about) != 0) return refused(file, last_system_error());
  if (!S_ISREG(about.st_mode)) return refused(file, "not a regular file");
  if (const auto fault = fault_of_mode(about.st_mode, kept); !fault.empty()) {
    return refused(file, fault);
  }
  if (about.st_size > static_cast<off_t>(file_bytes_max)) return refused(file, "above 64 KiB");

  std::vector<unsigned char> bytes(static_cast<std::size_t>(about.st_size));
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const auto got = ::read(opened.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return refused(file, last_system_error());
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
  return crypto::Secret(std::move(bytes));
}

}  // namespace scoreboard::auth
