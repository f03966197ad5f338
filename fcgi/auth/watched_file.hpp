// SPDX-License-Identifier: Apache-2.0
// A key file that may be replaced while we run. Looking costs one stat() as long as nothing
// happened. Not thread-safe.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>

#include "auth/key_file.hpp"
#include "crypto/digest.hpp"
#include "crypto/secret.hpp"
#include "outcome/result.hpp"

namespace scoreboard::auth {

class WatchedFile {
 public:
  WatchedFile(std::filesystem::path file, Kept kept) : file_(std::move(file)), kept_(kept) {}

  // Nothing if the file is as it was at the last call; else its content, or why it cannot be read.
  // The same bytes, or the same reason, are told once.
  std::optional<Result<crypto::Secret>> news();

  const std::filesystem::path& path() const { return file_; }

 private:
  bool seen_before();

  const std::filesystem::path file_;
  const Kept kept_;
  std::optional<struct stat> stamp_;  // of the last look; empty: it was not there
  bool looked_ = false;
  bool settled_ = false;  // no later change can have left the stamp as it is
  crypto::Digest digest_{};
  std::string complaint_;
};

}  // namespace scoreboard::auth
