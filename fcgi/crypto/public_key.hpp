// SPDX-License-Identifier: Apache-2.0
// Public keys and what they check: RSA of 2048 to 8192 bits (RFC 8017, both paddings), ECDSA on
// P-256 (FIPS 186-5) and Ed25519 (RFC 8032). A key that could not be trusted is never made: one
// that is short, off its curve, of small order, made by the library of CVE-2017-15361, or that has
// an exponent under which a signature proves nothing.
//
// Immutable; thread-safe. Numbers and coordinates are big-endian and live for one call.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "outcome/result.hpp"

// OpenSSL's own name; its headers stay in the .cpp.
struct evp_pkey_st;

namespace scoreboard::crypto {

enum class SignatureScheme : std::uint8_t {
  rsa_pkcs1_sha256,   // RSASSA-PKCS1-v1_5
  rsa_pss_sha256,     // RSASSA-PSS, MGF1 with SHA-256, a salt of 32 bytes
  ecdsa_p256_sha256,  // r and s, 32 bytes each, one after the other: 64 bytes, no DER
  ed25519,            // 64 bytes
};

class PublicKey {
 public:
  // malformed, with the reason in the log text, for a key that must not be used.
  //
  // Without leading zero bytes. `exponent` is odd, at least 3, at most 8 bytes long.
  static Result<PublicKey> rsa(std::span<const unsigned char> modulus,
                               std::span<const unsigned char> exponent);
  // 32 bytes each.
  static Result<PublicKey> p256(std::span<const unsigned char> x, std::span<const unsigned char> y);
  // 32 bytes, RFC 8032 section 5.1.2. Bytes that are no point of the curve make a key that
  // verifies nothing.
  static Result<PublicKey> ed25519(std::span<const unsigned char> point);

  // Whether `signature` is one of `message` by this key: false for every other length, and for a
  // scheme of another kind of key.
  bool verify(SignatureScheme scheme, std::string_view message,
              std::span<const unsigned char> signature) const;

 private:
  enum class Kind : std::uint8_t { rsa, p256, ed25519 };
  PublicKey(Kind kind, std::size_t signature_bytes, std::shared_ptr<evp_pkey_st> key)
      : kind_(kind), signature_bytes_(signature_bytes), key_(std::move(key)) {}

  static Kind kind_for(SignatureScheme scheme);

  Kind kind_;
  std::size_t signature_bytes_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace scoreboard::crypto
