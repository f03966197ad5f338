// SPDX-License-Identifier: Apache-2.0
#include "doctor/looking.hpp"

#include <fcntl.h>
#include <glob.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>

namespace scoreboard::doctor {
namespace {

constexpr std::size_t text_bytes_max = 64UL * 1024;
constexpr std::size_t file_bytes_max = 1024UL * 1024;

// To the end, so that the program is never held up; what is too much is dropped.
std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> piece{};
  for (;;) {
    const ssize_t got = read(descriptor, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    if (text.size() < text_bytes_max) text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

std::optional<Ran> run(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int fault =
      posix_spawnp(&child, words.front().c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  std::optional<Ran> ran;
  if (fault == 0) {
    std::string text = read_all(ends[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) != 127) {
      ran = Ran{.status = WEXITSTATUS(status), .text = std::move(text)};
    }
  }
  close(ends[0]);
  return ran;
}

std::vector<std::filesystem::path> matching(const std::filesystem::path& pattern) {
  glob_t found{};
  std::vector<std::filesystem::path> files;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the doctor has one thread.
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  return files;
}

std::optional<std::string> contents(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  // An opened directory cannot be read either.
  if (!stream || stream.peek() == std::ifstream::traits_type::eof()) {
    if (!stream.is_open() || std::filesystem::is_directory(file)) return std::nullopt;
    return std::string{};
  }
  std::string text(file_bytes_max, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace scoreboard::doctor
