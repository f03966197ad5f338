// SPDX-License-Identifier: Apache-2.0
// A file of keys, read only if it is kept as its content asks.
#pragma once

#include <filesystem>

#include "crypto/secret.hpp"
#include "outcome/result.hpp"

namespace scoreboard::auth {

enum class Kept {
  secret,  // its mode gives others nothing
  intact,  // public keys: others may read it and not write
};

// unavailable, with the reason in the log text, unless it is a regular file of at most 64 KiB that
// is kept so.
Result<crypto::Secret> read_key_file(const std::filesystem::path& file, Kept kept = Kept::secret);

}  // namespace scoreboard::auth
