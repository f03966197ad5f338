// SPDX-License-Identifier: Apache-2.0
// One HMAC of a request by the convenient HMAC() costs 3.3 us and hardly scales, because each call
// fetches the algorithm under a process-wide lock. So the algorithm is fetched once, a context with
// the digest chosen serves as a pattern, and each thread keeps a copy of it: well under 1.5 us, and
// no lock.
#include "crypto/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <memory>

#include "crypto/bytes.hpp"
#include "crypto/fault.hpp"
#include "crypto/hex.hpp"

namespace scoreboard::crypto {
namespace {

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MAC_CTX, FreeMac>;

Context make_pattern() {
  const std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  if (!mac) throw_openssl_fault("EVP_MAC_fetch");
  Context context(EVP_MAC_CTX_new(mac.get()));
  if (!context) throw_openssl_fault("EVP_MAC_CTX_new");
  std::array<char, 7> digest{"SHA256"};
  const std::array<OSSL_PARAM, 2> params{
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  if (EVP_MAC_CTX_set_params(context.get(), params.data()) != 1) {
    throw_openssl_fault("EVP_MAC_CTX_set_params");
  }
  return context;
}

EVP_MAC_CTX* thread_context() {
  static const Context pattern = make_pattern();
  thread_local const Context mine(EVP_MAC_CTX_dup(pattern.get()));
  if (!mine) throw_openssl_fault("EVP_MAC_CTX_dup");
  return mine.get();
}

}  // namespace

Digest hmac_sha256(std::span<const unsigned char> key, std::string_view message) {
  // A null key means "the last one again" to OpenSSL; an empty key must not.
  static constexpr unsigned char nothing = 0;
  const unsigned char* key_data = key.empty() ? &nothing : key.data();
  EVP_MAC_CTX* context = thread_context();
  Digest tag{};
  std::size_t size = 0;
  const auto bytes = bytes_of(message);
  if (EVP_MAC_init(context, key_data, key.size(), nullptr) != 1 ||
      EVP_MAC_update(context, bytes.data(), bytes.size()) != 1 ||
      EVP_MAC_final(context, tag.data(), &size, tag.size()) != 1 || size != tag.size()) {
    throw_openssl_fault("EVP_MAC");
  }
  return tag;
}

std::string hmac_sha256_hex(std::span<const unsigned char> key, std::string_view message) {
  return hex(hmac_sha256(key, message));
}

}  // namespace scoreboard::crypto
