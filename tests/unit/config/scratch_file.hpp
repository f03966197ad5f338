// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace scoreboard::test {

// A configuration file that is gone after the test.
class ScratchFile {
 public:
  explicit ScratchFile(const std::string& text) {
    std::string pattern = std::filesystem::temp_directory_path() / "scoreboard-config-XXXXXX";
    const int number = mkstemp(pattern.data());
    if (number < 0) throw std::runtime_error("mkstemp");
    close(number);
    path_ = pattern;
    std::ofstream(path_) << text;
  }
  ~ScratchFile() { std::filesystem::remove(path_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace scoreboard::test
