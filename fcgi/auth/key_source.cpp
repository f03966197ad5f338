// SPDX-License-Identifier: Apache-2.0
#include "auth/key_source.hpp"

#include "ops/log.hpp"

namespace scoreboard::auth {

void log_keys_taken(const std::filesystem::path& file, std::size_t keys, bool replaced) {
  log::write(log::Level::info, replaced ? "keys_replaced" : "keys_read",
             {{"file", file.native()}, {"keys", static_cast<std::int64_t>(keys)}});
}

void log_keys_refused(const std::filesystem::path& file, const Error& error, bool old_ones_stay) {
  log::write(log::Level::error, "keys_unreadable",
             {{"file", file.native()}, {"reason", error.log}, {"old_keys_stay", old_ones_stay}});
}

}  // namespace scoreboard::auth
