// SPDX-License-Identifier: Apache-2.0
#include "doctor/keys.hpp"

#include <algorithm>
#include <system_error>

#include "auth/key_set.hpp"

namespace scoreboard::doctor {
namespace {

constexpr std::chrono::hours day{24};
constexpr std::chrono::hours old_age = 365 * day;

}  // namespace

KeyFile look_at_key_file(const std::filesystem::path& path) {
  KeyFile file{.path = path};
  const auto keys = auth::KeySet::load(path);
  if (!keys) {
    file.complaint = keys.error().log;
    return file;
  }
  file.keys = keys->all().size();
  std::error_code ignored;
  const auto written = std::filesystem::last_write_time(path, ignored);
  if (!ignored) {
    file.age = std::chrono::duration_cast<std::chrono::hours>(
        std::filesystem::file_time_type::clock::now() - written);
  }
  return file;
}

Finding key_finding(const std::string& check, const KeyFile& file) {
  const std::string path = file.path.string();
  if (!file.complaint.empty()) {
    return fail(check, file.complaint,
                "keep " + path +
                    " at mode 0600 and the workers' user's own, or let systemd hand it over "
                    "(LoadCredential); to make one: scoreboardctl key new --out " +
                    path);
  }
  const std::string days = std::to_string(file.age / day);
  if (file.age > old_age) {
    return warn(check, path + " has been the same for " + days + " days",
                "scoreboardctl key new --out " + path +
                    ", and a day later scoreboardctl key retire for the old one");
  }
  return ok(check, path + ": keys: " + std::to_string(file.keys) + ", " + days + " days old");
}

}  // namespace scoreboard::doctor
