// SPDX-License-Identifier: Apache-2.0
#include "publish/snapshot_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "publish/board_json.hpp"

namespace scoreboard::publish {
namespace {

Error cannot(const char* what, const std::filesystem::path& file) {
  return {.code = ErrorCode::unavailable,
          .log = std::string(what) + " " + file.string() + ": " +
                 std::generic_category().message(errno)};
}

}  // namespace

SnapshotDirectory::SnapshotDirectory(std::filesystem::path directory)
    : directory_(std::move(directory)) {}

Result<void> SnapshotDirectory::put(const std::string& name, std::string content,
                                    JournalSeq version) {
  const auto known = written_.find(name);
  if (known != written_.end() && known->second == content) return {};
  const auto file = directory_ / name;
  const auto beside = directory_ / (name + ".next");
  // Readable by the edge, which runs as another user; the directory decides who gets that far.
  const int descriptor = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return cannot("cannot write", beside);
  const bool whole =
      ::write(descriptor, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  const timespec at{.tv_sec = version.value(), .tv_nsec = 0};
  const timespec times[2] = {at, at};
  const bool stamped = futimens(descriptor, times) == 0;
  const bool closed = close(descriptor) == 0;
  if (!whole || !stamped || !closed) return cannot("cannot write", beside);
  if (rename(beside.c_str(), file.c_str()) != 0) return cannot("cannot rename", beside);
  written_[name] = std::move(content);
  return {};
}

Result<void> SnapshotDirectory::write(const BoardView& view) {
  std::error_code ignored;
  std::filesystem::create_directories(directory_, ignored);
  for (std::size_t limit = 1; limit <= limit_b_max; ++limit) {
    const BoardView shown = first_of(view, limit);
    const std::string number = std::to_string(limit) + ".json";
    if (limit <= limit_a_max) {
      if (auto put_a = put("a-" + number, leaderboard_a(shown, limit), shown.version); !put_a) {
        return put_a;
      }
    }
    auto put_b = put("b-" + number, leaderboard_b(shown.standings, limit), shown.version);
    if (!put_b) return put_b;
  }
  return {};
}

}  // namespace scoreboard::publish
