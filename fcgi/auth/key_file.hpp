// SPDX-License-Identifier: Apache-2.0
// A file that holds secrets, read only if it is kept like one.
#pragma once

#include <filesystem>

#include "crypto/secret.hpp"
#include "outcome/result.hpp"

namespace scoreboard::auth {

// unavailable, with the reason in the log text, unless it is a regular file of at most 64 KiB whose
// mode gives others nothing.
Result<crypto::Secret> read_key_file(const std::filesystem::path& file);

}  // namespace scoreboard::auth
