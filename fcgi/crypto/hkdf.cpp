// SPDX-License-Identifier: Apache-2.0
#include "crypto/hkdf.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <array>
#include <memory>

#include "crypto/fault.hpp"

namespace scoreboard::crypto {
namespace {

struct FreeKdf {
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
};

EVP_KDF* hkdf_algorithm() {
  static const std::unique_ptr<EVP_KDF, FreeKdf> algorithm(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  if (!algorithm) throw_openssl_fault("EVP_KDF_fetch");
  return algorithm.get();
}

// OSSL_PARAM's members are not const because the same type also carries results; an input
// parameter is only read.
OSSL_PARAM octets(const char* name, const void* data, std::size_t size) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<void*>(data), size);
}

}  // namespace

std::vector<unsigned char> hkdf_sha256(const HkdfInput& input, std::size_t size) {
  const std::unique_ptr<EVP_KDF_CTX, FreeKdf> context(EVP_KDF_CTX_new(hkdf_algorithm()));
  if (!context) throw_openssl_fault("EVP_KDF_CTX_new");
  std::array<char, 7> digest{"SHA256"};
  std::array<OSSL_PARAM, 5> params{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0)};
  std::size_t used = 1;
  params[used++] = octets(OSSL_KDF_PARAM_KEY, input.key.data(), input.key.size());
  // What is empty is left out: OpenSSL refuses a parameter without memory behind it.
  if (!input.salt.empty()) {
    params[used++] = octets(OSSL_KDF_PARAM_SALT, input.salt.data(), input.salt.size());
  }
  if (!input.info.empty()) {
    params[used++] = octets(OSSL_KDF_PARAM_INFO, input.info.data(), input.info.size());
  }
  params[used] = OSSL_PARAM_construct_end();
  std::vector<unsigned char> key(size);
  if (EVP_KDF_derive(context.get(), key.data(), key.size(), params.data()) != 1) {
    throw_openssl_fault("EVP_KDF_derive");
  }
  return key;
}

}  // namespace scoreboard::crypto
