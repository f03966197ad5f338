// SPDX-License-Identifier: Apache-2.0
// Signatures by public vectors: tests/unit/auth/signature_vectors_test.cpp. Here is what no vector
// tells: the bounds of keys.
#include "crypto/public_key.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "crypto/random.hpp"

using namespace scoreboard;
using namespace scoreboard::crypto;

BOOST_AUTO_TEST_SUITE(public_key)

namespace {

using Bytes = std::vector<unsigned char>;
const Bytes f4{1, 0, 1};

std::string refusal_of(const Result<PublicKey>& key) {
  return key ? "" : key.error().log;
}

// An odd number of exactly so many bits without small factors is more than is asked for: only the
// bounds that are checked before OpenSSL looks are tried here.
Bytes number_of_bits(std::size_t bits) {
  Bytes number = random_bytes((bits + 7) / 8);
  const std::size_t spare = number.size() * 8 - bits;
  number.front() = static_cast<unsigned char>((number.front() | 0x80U) >> spare);
  number.back() |= 1;
  return number;
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_rsa_key_has_2048_to_8192_bits) {
  BOOST_TEST(refusal_of(PublicKey::rsa(number_of_bits(2047), f4)) ==
             "an RSA key of less than 2048 bits");
  BOOST_TEST(refusal_of(PublicKey::rsa(number_of_bits(8193), f4)) ==
             "an RSA key of more than 8192 bits");
}

BOOST_AUTO_TEST_CASE(an_exponent_under_which_a_signature_proves_nothing_is_refused) {
  const Bytes modulus = number_of_bits(2048);
  for (const Bytes& exponent :
       {Bytes{1}, Bytes{2}, Bytes{1, 0, 0}, Bytes{1, 0, 0, 0, 0, 0, 0, 0, 1}}) {
    BOOST_TEST(refusal_of(PublicKey::rsa(modulus, exponent)) ==
               "an RSA modulus or exponent under which a signature proves nothing");
  }
  Bytes even = modulus;
  even.back() &= 0xFE;
  BOOST_TEST(refusal_of(PublicKey::rsa(even, f4)) ==
             "an RSA modulus or exponent under which a signature proves nothing");
}

BOOST_AUTO_TEST_CASE(a_modulus_with_a_small_factor_is_refused) {
  Bytes modulus(256, 0);  // 2^2047 + 1 is a multiple of 3
  modulus.front() = 0x80;
  modulus.back() = 1;
  BOOST_TEST(refusal_of(PublicKey::rsa(modulus, f4)) == "an RSA key with a weak modulus");
}

BOOST_AUTO_TEST_CASE(numbers_have_one_spelling) {
  const std::string cause = "an RSA number is empty or begins with a zero byte";
  Bytes longer = number_of_bits(2048);
  longer.insert(longer.begin(), 0);
  BOOST_TEST(refusal_of(PublicKey::rsa(longer, f4)) == cause);
  BOOST_TEST(refusal_of(PublicKey::rsa(number_of_bits(2048), Bytes{0, 1, 0, 1})) == cause);
  BOOST_TEST(refusal_of(PublicKey::rsa({}, f4)) == cause);
  BOOST_TEST(refusal_of(PublicKey::rsa(number_of_bits(2048), {})) == cause);
}

BOOST_AUTO_TEST_CASE(points_have_32_bytes_a_coordinate) {
  for (const std::size_t size : {0U, 31U, 33U}) {
    BOOST_TEST(refusal_of(PublicKey::p256(Bytes(size), Bytes(32))) ==
               "a P-256 coordinate is not 32 bytes long");
    BOOST_TEST(refusal_of(PublicKey::p256(Bytes(32), Bytes(size))) ==
               "a P-256 coordinate is not 32 bytes long");
    BOOST_TEST(refusal_of(PublicKey::ed25519(Bytes(size))) ==
               "an Ed25519 key is not 32 bytes long");
  }
  BOOST_TEST(refusal_of(PublicKey::p256(Bytes(32), Bytes(32))) == "the point is not on P-256");
}

BOOST_AUTO_TEST_CASE(a_scheme_of_another_kind_of_key_verifies_nothing) {
  Bytes base(32, 0x66);  // Ed25519's base point
  base.front() = 0x58;
  const auto key = PublicKey::ed25519(base);
  BOOST_TEST_REQUIRE(bool(key));
  for (const auto scheme : {SignatureScheme::rsa_pkcs1_sha256, SignatureScheme::rsa_pss_sha256,
                            SignatureScheme::ecdsa_p256_sha256, SignatureScheme::ed25519}) {
    BOOST_TEST(!key->verify(scheme, "message", Bytes(64, 1)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
