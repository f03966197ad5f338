// SPDX-License-Identifier: Apache-2.0
#include "auth/key_file.hpp"

#include <sys/stat.h>

#include <string>
#include <utility>

#include "ops/regular_file.hpp"

namespace scoreboard::auth {
namespace {

// Some five hundred keys; rotation needs two or three.
constexpr std::size_t file_bytes_max = 65'536;

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

}  // namespace

Result<crypto::Secret> read_key_file(const std::filesystem::path& file, Kept kept) {
  const auto opened = RegularFile::open(file);
  if (!opened) return refused(file, opened.error().log);
  if (const auto fault = fault_of_mode(opened->mode(), kept); !fault.empty()) {
    return refused(file, fault);
  }
  auto bytes = opened->read(file_bytes_max);
  if (!bytes) return refused(file, bytes.error().log);
  return crypto::Secret(*std::move(bytes));
}

}  // namespace scoreboard::auth
