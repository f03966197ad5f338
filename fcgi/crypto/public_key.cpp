// SPDX-License-Identifier: Apache-2.0
#include "crypto/public_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "crypto/bytes.hpp"
#include "crypto/ecdsa_der.hpp"
#include "crypto/ed25519_order.hpp"
#include "crypto/fault.hpp"
#include "crypto/roca.hpp"

namespace scoreboard::crypto {
namespace {

using Bytes = std::span<const unsigned char>;

struct Free {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// SP 800-131A asks for 2048 bits. Beyond 8192 a check would cost a sender nothing and us
// milliseconds.
constexpr std::size_t modulus_bits_min = 2048;
constexpr std::size_t modulus_bits_max = 8192;
constexpr std::size_t exponent_bytes_max = 8;

Error refused(const char* reason) {
  return {.code = ErrorCode::malformed, .log = reason};
}

std::size_t bits_of(Bytes number) {
  if (number.empty()) return 0;
  std::size_t bits = (number.size() - 1) * 8;
  for (unsigned first = number.front(); first != 0; first >>= 1) ++bits;
  return bits;
}

Owned<BIGNUM> number_of(Bytes bytes) {
  Owned<BIGNUM> number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  if (!number) throw_openssl_fault("BN_bin2bn");
  return number;
}

// Null for parameters that OpenSSL makes no key of, a point off its curve among them.
std::shared_ptr<EVP_PKEY> make_key(const char* type, OSSL_PARAM_BLD* builder) {
  const Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(builder));
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1) {
    throw_openssl_fault("EVP_PKEY_fromdata_init");
  }
  EVP_PKEY* made = nullptr;
  const int status = EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get());
  std::shared_ptr<EVP_PKEY> key(made, EVP_PKEY_free);
  ERR_clear_error();
  if (status != 1) return nullptr;
  return key;
}

// OpenSSL's own examination (SP 800-56B and 56A): a modulus with a small factor or that is a power,
// a point that is not on the curve or of another order.
bool is_sound(EVP_PKEY* key) {
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  if (!context) throw_openssl_fault("EVP_PKEY_CTX_new_from_pkey");
  const bool sound = EVP_PKEY_public_check(context.get()) == 1;
  ERR_clear_error();
  return sound;
}

Owned<OSSL_PARAM_BLD> new_builder() {
  Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  if (!builder) throw_openssl_fault("OSSL_PARAM_BLD_new");
  return builder;
}

// Salt and hash as RFC 7518 section 3.5 has them: OpenSSL would find out any salt's length.
bool choose_pss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, "SHA256", nullptr) == 1;
}

}  // namespace

Result<PublicKey> PublicKey::rsa(Bytes modulus, Bytes exponent) {
  if (modulus.empty() || modulus.front() == 0 || exponent.empty() || exponent.front() == 0) {
    return refused("an RSA number is empty or begins with a zero byte");
  }
  const std::size_t bits = bits_of(modulus);
  if (bits < modulus_bits_min) return refused("an RSA key of less than 2048 bits");
  if (bits > modulus_bits_max) return refused("an RSA key of more than 8192 bits");
  const bool odd = (modulus.back() & 1) != 0 && (exponent.back() & 1) != 0;
  const bool one = exponent.size() == 1 && exponent.front() == 1;
  if (!odd || one || exponent.size() > exponent_bytes_max) {
    return refused("an RSA modulus or exponent under which a signature proves nothing");
  }
  if (has_roca_shape(modulus)) return refused("an RSA key that can be factored (CVE-2017-15361)");

  const auto n = number_of(modulus);
  const auto e = number_of(exponent);
  const auto builder = new_builder();
  if (OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    throw_openssl_fault("OSSL_PARAM_BLD_push_BN");
  }
  auto key = make_key("RSA", builder.get());
  if (!key || !is_sound(key.get())) return refused("an RSA key with a weak modulus");
  return PublicKey(Kind::rsa, modulus.size(), std::move(key));
}

Result<PublicKey> PublicKey::p256(Bytes x, Bytes y) {
  if (x.size() != 32 || y.size() != 32) return refused("a P-256 coordinate is not 32 bytes long");
  std::vector<unsigned char> point{POINT_CONVERSION_UNCOMPRESSED};
  point.insert(point.end(), x.begin(), x.end());
  point.insert(point.end(), y.begin(), y.end());
  const auto builder = new_builder();
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    throw_openssl_fault("OSSL_PARAM_BLD_push");
  }
  auto key = make_key("EC", builder.get());
  if (!key || !is_sound(key.get())) return refused("the point is not on P-256");
  return PublicKey(Kind::p256, 64, std::move(key));
}

Result<PublicKey> PublicKey::ed25519(Bytes point) {
  if (point.size() != 32) return refused("an Ed25519 key is not 32 bytes long");
  if (!is_canonical_ed25519(point)) return refused("an Ed25519 key with a second spelling");
  if (has_small_ed25519_order(point)) return refused("an Ed25519 point of small order");
  std::shared_ptr<EVP_PKEY> key(
      EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, point.data(), point.size()),
      EVP_PKEY_free);
  if (!key) throw_openssl_fault("EVP_PKEY_new_raw_public_key_ex");
  return PublicKey(Kind::ed25519, 64, std::move(key));
}

PublicKey::Kind PublicKey::kind_for(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::rsa_pkcs1_sha256:
    case SignatureScheme::rsa_pss_sha256:
      return Kind::rsa;
    case SignatureScheme::ecdsa_p256_sha256:
      return Kind::p256;
    case SignatureScheme::ed25519:
      break;
  }
  return Kind::ed25519;
}

bool PublicKey::verify(SignatureScheme scheme, std::string_view message, Bytes signature) const {
  if (kind_for(scheme) != kind_ || signature.size() != signature_bytes_) return false;
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;  // the context's
  const char* digest = scheme == SignatureScheme::ed25519 ? nullptr : "SHA256";
  if (!context || EVP_DigestVerifyInit_ex(context.get(), &options, digest, nullptr, nullptr,
                                          key_.get(), nullptr) != 1) {
    throw_openssl_fault("EVP_DigestVerifyInit_ex");
  }
  if (scheme == SignatureScheme::rsa_pss_sha256 && !choose_pss(options)) {
    throw_openssl_fault("EVP_PKEY_CTX_set_rsa_pss");
  }
  const auto der = scheme == SignatureScheme::ecdsa_p256_sha256 ? ecdsa_der(signature)
                                                                : std::vector<unsigned char>{};
  const Bytes presented = der.empty() ? signature : Bytes(der);
  const Bytes signed_bytes = bytes_of(message);
  const int verdict = EVP_DigestVerify(context.get(), presented.data(), presented.size(),
                                       signed_bytes.data(), signed_bytes.size());
  // A signature that is none leaves its reason in this thread's queue.
  ERR_clear_error();
  return verdict == 1;
}

}  // namespace scoreboard::crypto
