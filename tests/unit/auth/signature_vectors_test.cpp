// SPDX-License-Identifier: Apache-2.0
// Published vectors for public-key signatures and for what is built on them: Project Wycheproof's
// and those of the RFCs. They are JSON, and crypto lies below json, so crypto's are read here too.
#include <array>
#include <boost/test/unit_test.hpp>
#include <set>
#include <span>
#include <string>

#include "auth/jws.hpp"
#include "auth/verification_keys.hpp"
#include "crypto/bytes.hpp"
#include "crypto/hex.hpp"
#include "crypto/public_key.hpp"
#include "unit/auth/vector_file.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;
using namespace scoreboard::auth::test;

BOOST_AUTO_TEST_SUITE(signature_vectors)

namespace {

constexpr std::array<Algorithm, 5> every_algorithm{
    Algorithm::hs256, Algorithm::rs256, Algorithm::es256, Algorithm::eddsa, Algorithm::ps256};

// What the token says if it is believed under the key or set; empty if not.
std::optional<std::string> believed(std::string_view jwk, std::string_view jws) {
  const auto keys = VerificationKeys::parse(jwk, every_algorithm);
  if (!keys) return std::nullopt;
  auto content = verify_jws(*keys, jws);
  if (!content) return std::nullopt;
  return std::move(content->payload);
}

using Ids = std::set<std::int64_t>;

// Every case of the file against Wycheproof's verdict, except where ours is the other one.
int check_jose(const std::string& file, const Ids& others_are_ours) {
  const auto keys = vector_keys(file);
  int checked = 0;
  for (const json::Value& vector : vector_cases(file)) {
    const auto id = number_of(vector, "id");
    const auto& key = keys.at(static_cast<std::size_t>(number_of(vector, "key")));
    const bool theirs = number_of(vector, "valid") == 1;
    const bool expected = others_are_ours.count(id) != 0 ? !theirs : theirs;
    BOOST_TEST(believed(key, text_of(vector, "jws")).has_value() == expected,
               file << " " << id << ", " << text_of(vector, "comment"));
    ++checked;
  }
  return checked;
}

int check_signatures(const std::string& file, crypto::SignatureScheme scheme,
                     Result<crypto::PublicKey> (*key_of)(std::span<const unsigned char>)) {
  const auto keys = vector_keys(file);
  int checked = 0;
  for (const json::Value& vector : vector_cases(file)) {
    const auto& point = keys.at(static_cast<std::size_t>(number_of(vector, "key")));
    const auto message = crypto::parse_hex(text_of(vector, "msg")).value();
    const auto signature = crypto::parse_hex(text_of(vector, "sig")).value();
    const auto key = key_of(crypto::parse_hex(point).value());
    const bool good = key && key->verify(scheme, crypto::text_of(message), signature);
    BOOST_TEST(good == (number_of(vector, "valid") == 1), file << " " << number_of(vector, "id"));
    ++checked;
  }
  return checked;
}

}  // namespace

// Four verdicts differ because the vectors are not what they say: 367 and 370, "badly padded", are
// byte for byte the valid 357; 372 and 373, "valid", have a character outside the alphabet. The
// others are of algorithms that we do not know: RS384, RS512, PS384, PS512 and ES512. (346 and 350
// could not be believed anyhow: a PS384 token with a key for PS256.)
BOOST_AUTO_TEST_CASE(web_signatures_agree_with_wycheproof) {
  Ids ours{367, 370, 372, 373, 346, 350, 347, 351};
  for (const auto& [first, last] : {std::pair{264, 271}, {320, 323}, {325, 328}}) {
    for (int id = first; id <= last; ++id) ours.insert(id);
  }
  BOOST_TEST(check_jose("wycheproof_jws.json", ours) == 401);
}

// 14 and 15: HS384 and HS512.
BOOST_AUTO_TEST_CASE(web_keys_agree_with_wycheproof) {
  BOOST_TEST(check_jose("wycheproof_jwk.json", {14, 15}) == 26);
}

BOOST_AUTO_TEST_CASE(ed25519_agrees_with_wycheproof) {
  const int checked = check_signatures("wycheproof_ed25519.json", crypto::SignatureScheme::ed25519,
                                       crypto::PublicKey::ed25519);
  BOOST_TEST(checked == 151);
}

BOOST_AUTO_TEST_CASE(ecdsa_agrees_with_wycheproof) {
  const int checked =
      check_signatures("wycheproof_ecdsa_p256.json", crypto::SignatureScheme::ecdsa_p256_sha256,
                       [](std::span<const unsigned char> point) {
                         return crypto::PublicKey::p256(point.first(32), point.subspan(32));
                       });
  BOOST_TEST(checked == 262);
}

BOOST_AUTO_TEST_CASE(the_examples_of_the_rfcs) {
  const auto keys = vector_keys("rfc_jws.json");
  int good = 0;
  for (const json::Value& vector : vector_cases("rfc_jws.json")) {
    const auto& key = keys.at(static_cast<std::size_t>(number_of(vector, "key")));
    const auto payload = believed(key, text_of(vector, "jws"));
    const bool expected = number_of(vector, "valid") == 1;
    BOOST_TEST(payload.has_value() == expected, text_of(vector, "comment"));
    if (payload) BOOST_TEST(*payload == text_of(vector, "payload"));
    good += expected;
  }
  BOOST_TEST(good == 4);
}

// Bit by bit, under each kind of key: nothing near a good signature is one.
BOOST_AUTO_TEST_CASE(one_changed_bit_of_a_signature_is_noticed) {
  const auto keys = vector_keys("rfc_jws.json");
  for (const json::Value& vector : vector_cases("rfc_jws.json")) {
    if (number_of(vector, "valid") != 1) continue;
    const auto& key = keys.at(static_cast<std::size_t>(number_of(vector, "key")));
    const std::string jws = text_of(vector, "jws");
    for (std::size_t at = jws.rfind('.') + 1; at < jws.size(); ++at) {
      std::string changed = jws;
      changed[at] = changed[at] == 'A' ? 'B' : 'A';
      BOOST_TEST_REQUIRE(!believed(key, changed), text_of(vector, "comment") << " at " << at);
    }
    BOOST_TEST(!believed(key, jws + "A"));
    BOOST_TEST(!believed(key, jws + "AA"));
    BOOST_TEST(!believed(key, jws.substr(0, jws.size() - 2)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
