// SPDX-License-Identifier: Apache-2.0
#include "auth/watched_file.hpp"

#include <ctime>
#include <utility>

#include "crypto/bytes.hpp"

namespace scoreboard::auth {
namespace {

// The kernel stamps files by a clock that advances every few milliseconds: a file that was written
// twice within a tick has one stamp. One that is older than this has stayed as we read it.
constexpr std::time_t settled_after_s = 1;

bool same(const std::optional<struct stat>& one, const std::optional<struct stat>& other) {
  if (!one || !other) return !one && !other;
  // ctime is set by every change of content, mode, owner and name, and by nobody's wish.
  return one->st_dev == other->st_dev && one->st_ino == other->st_ino &&
         one->st_size == other->st_size && one->st_ctim.tv_sec == other->st_ctim.tv_sec &&
         one->st_ctim.tv_nsec == other->st_ctim.tv_nsec;
}

}  // namespace

bool WatchedFile::seen_before() {
  struct stat about {};
  std::optional<struct stat> stamp;
  if (::stat(file_.c_str(), &about) == 0) stamp = about;
  const bool unchanged = looked_ && settled_ && same(stamp, stamp_);
  looked_ = true;
  settled_ = !stamp || std::time(nullptr) - stamp->st_ctim.tv_sec > settled_after_s;
  stamp_ = stamp;
  return unchanged;
}

std::optional<Result<crypto::Secret>> WatchedFile::news() {
  // The stamp is taken before the content is read: what changes in between is seen next time.
  if (seen_before()) return std::nullopt;
  auto text = read_key_file(file_, kept_);
  if (!text) {
    if (text.error().log == complaint_) return std::nullopt;
    complaint_ = text.error().log;
    return text;
  }
  const auto digest = crypto::sha256(crypto::text_of(text->bytes()));
  if (complaint_.empty() && digest == digest_) return std::nullopt;
  complaint_.clear();
  digest_ = digest;
  return text;
}

}  // namespace scoreboard::auth
