// SPDX-License-Identifier: Apache-2.0
// The keys of one file as they are now. The file may be replaced while we run: a good new one takes
// the old one's place, whole; one that is absent, unreadable or malformed changes nothing and is
// logged as an error, once a change. Removing a key from the file is how it is retired.
//
// Thread-safe. Whoever asked keeps the set it got for as long as it holds the pointer.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

#include "auth/watched_file.hpp"
#include "crypto/bytes.hpp"
#include "outcome/result.hpp"

namespace scoreboard::auth {

void log_keys_taken(const std::filesystem::path& file, std::size_t keys, bool replaced);
void log_keys_refused(const std::filesystem::path& file, const Error& error, bool old_ones_stay);

template <class Keys>  // has all()
class KeySource {
 public:
  using Parse = std::function<Result<Keys>(std::string_view text)>;

  // Looks at once. Without a good file there are no keys until there is one.
  KeySource(std::filesystem::path file, Kept kept, Parse parse)
      : file_(std::move(file), kept), parse_(std::move(parse)) {
    look();
  }

  // nullptr before the first good file.
  std::shared_ptr<const Keys> current() const {
    const std::lock_guard lock(keys_mutex_);
    return keys_;
  }
  explicit operator bool() const { return current() != nullptr; }

  // For whoever meets a key it does not know: another process may have seen a new file a moment
  // earlier. The keys as they are in this moment, or nullptr if those are the known ones.
  std::shared_ptr<const Keys> newer_than(const std::shared_ptr<const Keys>& known) {
    look();
    auto now = current();
    return now == known ? nullptr : now;
  }

  // Reads the file if it has changed. Called every second (KeyWatch).
  void look() {
    const std::lock_guard lock(file_mutex_);
    auto text = file_.news();
    if (!text) return;
    const bool had_keys = static_cast<bool>(*this);
    auto keys = *text ? parse_(crypto::text_of((*text)->bytes())) : Result<Keys>((*text).error());
    if (!keys) {
      log_keys_refused(file_.path(), keys.error(), had_keys);
      return;
    }
    log_keys_taken(file_.path(), keys->all().size(), had_keys);
    auto fresh = std::make_shared<const Keys>(*std::move(keys));
    const std::lock_guard swap(keys_mutex_);
    keys_ = std::move(fresh);
  }

 private:
  std::mutex file_mutex_;
  WatchedFile file_;
  const Parse parse_;
  mutable std::mutex keys_mutex_;  // held for a copy only
  std::shared_ptr<const Keys> keys_;
};

}  // namespace scoreboard::auth
