// SPDX-License-Identifier: Apache-2.0
// HKDF with SHA-256 (RFC 5869): as many independent keys from one as there are `info` texts.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace scoreboard::crypto {

struct HkdfInput {
  std::span<const unsigned char> key;        // input keying material, not empty
  std::span<const unsigned char> salt = {};  // empty: 32 zero bytes, as the RFC says
  std::string_view info = {};
};

// `size` is 1 to 8160 bytes (255 blocks).
std::vector<unsigned char> hkdf_sha256(const HkdfInput& input, std::size_t size);

}  // namespace scoreboard::crypto
