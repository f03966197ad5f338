// SPDX-License-Identifier: Apache-2.0
// Tokens that our own code would never make: whatever header, whatever claims, soundly signed.
#pragma once

#include <string>
#include <string_view>

#include "auth/key_set.hpp"

namespace scoreboard::auth::test {

// Two keys, "new-key" first, of 32 known bytes each.
KeySet two_keys();

std::string encoded(std::string_view text);  // base64url

// encoded_header.encoded_payload.HMAC, with the secret of `key`.
std::string signed_parts(const Key& key, std::string_view encoded_header,
                         std::string_view encoded_payload);
std::string forged_token(const Key& key, std::string_view header, std::string_view payload);

}  // namespace scoreboard::auth::test
