// SPDX-License-Identifier: Apache-2.0
#include "crypto/digest.hpp"

#include <openssl/evp.h>

#include <memory>

#include "crypto/fault.hpp"
#include "crypto/hex.hpp"

namespace scoreboard::crypto {
namespace {

struct FreeDigest {
  void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
};

// EVP_sha256() would look the algorithm up, under a lock, at every call; fetched once it costs
// less than half.
const EVP_MD* sha256_algorithm() {
  static const std::unique_ptr<EVP_MD, FreeDigest> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr));
  if (!algorithm) throw_openssl_fault("EVP_MD_fetch");
  return algorithm.get();
}

}  // namespace

Digest sha256(std::string_view data) {
  Digest digest{};
  if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, sha256_algorithm(), nullptr) !=
      1) {
    throw_openssl_fault("EVP_Digest");
  }
  return digest;
}

std::string sha256_hex(std::string_view data) {
  return hex(sha256(data));
}

}  // namespace scoreboard::crypto
