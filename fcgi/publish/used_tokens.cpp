// SPDX-License-Identifier: Apache-2.0
#include "publish/used_tokens.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace scoreboard::publish {
namespace {

// A directory of a busy host has some thousand files; looking at them costs a few milliseconds.
constexpr std::chrono::seconds sweep_every{60};

}  // namespace

UsedTokens::UsedTokens(std::filesystem::path directory) : directory_(std::move(directory)) {
  std::error_code ignored;  // use() says it when it matters
  std::filesystem::create_directories(directory_, ignored);
}

Result<void> UsedTokens::use(const std::string& token_id, std::chrono::seconds lifetime) {
  sweep(lifetime);
  const int file =
      open((directory_ / token_id).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
  if (file >= 0) {
    close(file);
    return {};
  }
  if (errno == EEXIST) {
    return Error{.code = ErrorCode::unauthenticated,
                 .log = "token: used before",
                 .reason = "each connection needs a token of its own"};
  }
  return Error{.code = ErrorCode::unavailable,
               .log = "used tokens: " + std::generic_category().message(errno),
               .reason = "live connections are unavailable",
               .retry_after = std::chrono::seconds{2}};
}

void UsedTokens::sweep(std::chrono::seconds lifetime) {
  const std::unique_lock lock(sweeping_, std::try_to_lock);
  if (!lock) return;
  lifetime_ = std::max(lifetime_, lifetime);
  const auto now = std::chrono::steady_clock::now();
  if (now < next_sweep_) return;
  next_sweep_ = now + sweep_every;
  std::error_code ignored;  // another worker sweeps, too
  const auto oldest = std::filesystem::file_time_type::clock::now() - lifetime_;
  for (const auto& file : std::filesystem::directory_iterator(directory_, ignored)) {
    const auto written = file.last_write_time(ignored);
    if (!ignored && written < oldest) std::filesystem::remove(file.path(), ignored);
  }
}

}  // namespace scoreboard::publish
