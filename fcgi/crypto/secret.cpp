// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hpp"

#include <openssl/crypto.h>

namespace scoreboard::crypto {

void Secret::wipe() {
  // A plain fill before the memory is given back would be optimised away.
  if (!bytes_.empty()) OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

}  // namespace scoreboard::crypto
