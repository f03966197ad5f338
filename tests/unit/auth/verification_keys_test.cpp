// SPDX-License-Identifier: Apache-2.0
#include "auth/verification_keys.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "auth/jws.hpp"
#include "unit/auth/forged_token.hpp"
#include "unit/auth/vector_file.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;
using namespace scoreboard::auth::test;

BOOST_AUTO_TEST_SUITE(verification_keys)

namespace {

using Wanted = std::vector<Algorithm>;
const Wanted all{Algorithm::hs256, Algorithm::rs256, Algorithm::es256, Algorithm::eddsa,
                 Algorithm::ps256};

const std::string oct = R"("kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")";
const std::string okp =
    R"("kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")";
const std::string ec = R"("kty":"EC","crv":"P-256",)"
                       R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
                       R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")";

// The RSA key of RFC 7515 A.2, without its braces.
std::string rsa() {
  const auto key = vector_keys("rfc_jws.json").at(1);
  return key.substr(1, key.size() - 2);
}

std::string jwk(const std::string& members, const std::string& further = "") {
  return "{" + members + further + "}";
}
std::string jwks(const std::vector<std::string>& keys) {
  std::string text;
  for (const auto& key : keys) text += (text.empty() ? "" : ",") + key;
  return "{\"keys\":[" + text + "]}";
}

// The log text; empty when the keys were taken.
std::string refusal_of(const std::string& text, const Wanted& wanted = all) {
  const auto keys = VerificationKeys::parse(text, wanted);
  if (keys) return "";
  BOOST_TEST((keys.error().code == ErrorCode::malformed));
  BOOST_TEST(keys.error().log.find("AAECAwQF") == std::string::npos);
  return keys.error().log;
}

Algorithm algorithm_of(const std::string& text, const Wanted& wanted = all) {
  const auto keys = VerificationKeys::parse(text, wanted);
  BOOST_TEST_REQUIRE(bool(keys));
  return keys->all().front().algorithm;
}

void refused_with(const std::string& text, const std::string& cause, const Wanted& wanted = all) {
  const std::string given = refusal_of(text, wanted);
  BOOST_TEST(given.find(cause) != std::string::npos, text << " gave: " << given);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_key_that_names_no_algorithm_is_for_the_plain_one_of_its_type) {
  BOOST_TEST((algorithm_of(jwk(oct)) == Algorithm::hs256));
  BOOST_TEST((algorithm_of(jwk(rsa())) == Algorithm::rs256));
  BOOST_TEST((algorithm_of(jwk(ec)) == Algorithm::es256));
  BOOST_TEST((algorithm_of(jwk(okp)) == Algorithm::eddsa));
}

BOOST_AUTO_TEST_CASE(ps256_only_for_whoever_says_so) {
  BOOST_TEST((algorithm_of(jwk(rsa(), R"(,"alg":"PS256")")) == Algorithm::ps256));
  BOOST_TEST((algorithm_of(jwk(rsa()), {Algorithm::ps256}) == Algorithm::ps256));
  refused_with(jwk(rsa(), R"(,"alg":"PS256")"), "for no wanted algorithm",
               {Algorithm::rs256, Algorithm::es256, Algorithm::eddsa});
  refused_with(jwk(rsa(), R"(,"alg":"RS256")"), "for no wanted algorithm", {Algorithm::ps256});
}

BOOST_AUTO_TEST_CASE(the_wanted_algorithm_and_the_key_must_agree) {
  refused_with(jwk(oct), "for no wanted algorithm", {Algorithm::rs256});
  refused_with(jwk(ec), "for no wanted algorithm", {Algorithm::eddsa});
  refused_with(jwk(okp, R"(,"alg":"EdDSA")"), "for no wanted algorithm", {Algorithm::es256});
}

BOOST_AUTO_TEST_CASE(what_a_key_is_for_is_heeded) {
  BOOST_TEST(refusal_of(jwk(ec, R"(,"use":"sig","key_ops":["verify"],"alg":"ES256")")) == "");
  BOOST_TEST(refusal_of(jwk(oct, R"(,"key_ops":["sign","verify"])")) == "");
  refused_with(jwk(ec, R"(,"use":"enc")"), "its use is not sig");
  refused_with(jwk(ec, R"(,"use":"signature")"), "its use is not sig");
  refused_with(jwk(ec, R"(,"key_ops":["encrypt"])"), "its key_ops have no verify");
  refused_with(jwk(ec, R"(,"key_ops":["sign"])"), "its key_ops have no verify");
  refused_with(jwk(ec, R"(,"key_ops":[])"), "its key_ops have no verify");
  refused_with(jwk(ec, R"(,"use":"sig","key_ops":["encrypt"])"), "its key_ops have no verify");
  for (const char* alg : {"ES512", "RS384", "HS512", "RSA-OAEP", "A256KW", "none", "es256"}) {
    refused_with(jwk(ec, R"(,"alg":")" + std::string(alg) + "\""), "its alg is none that we know");
  }
}

BOOST_AUTO_TEST_CASE(a_key_that_contradicts_itself_is_refused) {
  refused_with(jwk(ec, R"(,"alg":"RS256")"), "alg RS256 does not fit kty or crv");
  refused_with(jwk(rsa(), R"(,"alg":"HS256")"), "alg HS256 does not fit kty or crv");
  refused_with(jwk(oct, R"(,"alg":"ES256")"), "alg ES256 does not fit kty or crv");
  refused_with(jwk(okp, R"(,"alg":"ES256")"), "alg ES256 does not fit kty or crv");
}

BOOST_AUTO_TEST_CASE(malformed_keys_are_refused_and_say_why) {
  struct Fault {
    std::string text;
    std::string cause;
  };
  const std::string x = R"("kty":"OKP","crv":"Ed25519","x":)";
  const std::vector<Fault> faults{
      {"", "JSON: empty"},
      {"[]", "not an object"},
      {"{}", "kty is missing"},
      {R"({"keys":{}})", "\"keys\" is no array"},
      {R"({"keys":[]})", "no key"},
      {R"({"keys":["text"]})", "kty is missing"},
      {jwk(ec, R"(,"x":"AA")"), "duplicate key"},
      {jwk(ec, R"(,"kid":7)"), "kid must be a text"},
      {jwk(ec, R"(,"kid":"")"), "kid must be a text"},
      {jwk(ec, ",\"kid\":\"" + std::string(257, 'k') + "\""), "at most 256 printable"},
      {jwk(ec, R"(,"kid":"line\nbreak")"), "at most 256 printable"},
      {jwk(ec, R"(,"use":1)"), "use must be a text"},
      {jwk(ec, R"(,"alg":null)"), "alg must be a text"},
      {jwk(ec, R"(,"key_ops":"verify")"), "key_ops must be an array"},
      {jwk(ec, R"(,"key_ops":[1])"), "key_ops must hold texts"},
      {jwk(ec, R"(,"key_ops":["verify","verify"])"), "key_ops repeats itself"},
      {R"({"kty":"oct"})", "k must be base64url"},
      {R"({"kty":"oct","k":"AAA="})", "k must be base64url"},
      {R"({"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg"})", "shorter than 32"},
      {jwk(x + "\"AAAA\""), "not 32 bytes"},
      {jwk(x + "7"), "x must be base64url"},
      // The neutral element, and the same written as a number above the prime.
      {jwk(x + R"("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")"), "small order"},
      {jwk(x + R"("7v_______________________________________38")"), "second spelling"},
      {R"({"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"})", "not 32 bytes"},
      // RFC 7515 A.3 with the last bit of y changed: no point.
      {jwk(R"("kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
           R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5aw")"),
       "not on P-256"},
      {R"({"kty":"RSA","n":"AQAB","e":"AQAB"})", "less than 2048 bits"},
      {R"({"kty":"RSA","n":"","e":"AQAB"})", "begins with a zero byte"},
      {R"({"kty":"RSA","n":"AAEB","e":"AQAB"})", "begins with a zero byte"},
      {R"({"kty":"RSA","e":"AQAB"})", "n must be base64url"}};
  for (const auto& [text, cause] : faults) refused_with(text, cause);
}

BOOST_AUTO_TEST_CASE(keys_for_something_else_are_passed_over_and_named) {
  const auto keys = VerificationKeys::parse(
      jwks({jwk(rsa(), R"(,"kid":"e","use":"enc")"), jwk(ec, R"(,"kid":"s")"),
            R"({"kty":"EC","crv":"P-384","kid":"c","x":"AA","y":"AA"})",
            R"({"kty":"AKP","kid":"n","pub":"AA"})"}),
      all);
  BOOST_TEST_REQUIRE(bool(keys));
  BOOST_TEST(keys->all().size() == 1U);
  BOOST_TEST(keys->all().front().id == "s");
  BOOST_TEST(keys->passed_over().size() == 3U);
  BOOST_TEST(keys->passed_over().front() == "key 1: its use is not sig");
}

BOOST_AUTO_TEST_CASE(one_bad_key_makes_the_whole_set_refused) {
  refused_with(jwks({jwk(ec, R"(,"kid":"s")"), R"({"kty":"RSA","kid":"r","n":"AQAB","e":"AQAB"})"}),
               "key 2: an RSA key of less than 2048 bits");
}

BOOST_AUTO_TEST_CASE(sets_that_cannot_be_told_apart_are_refused) {
  refused_with(jwks({jwk(ec, R"(,"kid":"s")"), jwk(okp, R"(,"kid":"s")")}), "kid s twice");
  refused_with(jwks({jwk(ec, R"(,"kid":"s")"), jwk(okp)}), "one of several has no kid");
  refused_with(jwks({jwk(ec, R"(,"kid":"s")"), jwk(oct, R"(,"kid":"t")")}),
               "secret and public keys side by side");
}

BOOST_AUTO_TEST_CASE(a_key_is_found_by_its_id_or_by_being_the_only_one) {
  const auto two =
      VerificationKeys::parse(jwks({jwk(ec, R"(,"kid":"a")"), jwk(okp, R"(,"kid":"b")")}), all);
  BOOST_TEST_REQUIRE(bool(two));
  BOOST_TEST(two->find("b") == &two->all()[1]);
  BOOST_TEST(two->find("c") == nullptr);
  BOOST_TEST(two->find("") == nullptr);
  const auto named = VerificationKeys::parse(jwk(ec, R"(,"kid":"a")"), all);
  BOOST_TEST(named->find("") == &named->all().front());
  BOOST_TEST(named->find("b") == nullptr);
  const auto nameless = VerificationKeys::parse(jwk(ec), all);
  BOOST_TEST(nameless->find("whatever") == &nameless->all().front());
}

// RFC 8725 section 2.1: the public key of an RSA issuer, taken for a secret.
BOOST_AUTO_TEST_CASE(a_public_key_is_never_a_secret) {
  const auto keys = VerificationKeys::parse(jwk(rsa(), R"(,"kid":"r")"), all);
  BOOST_TEST_REQUIRE(bool(keys));
  const std::string text = jwk(rsa(), R"(,"kid":"r")");
  const Key forger{"r", crypto::Secret(std::vector<unsigned char>(text.begin(), text.end()))};
  const auto refused =
      verify_jws(*keys, forged_token(forger, R"({"alg":"HS256","kid":"r"})", "{}"));
  BOOST_TEST_REQUIRE(!refused);
  BOOST_TEST(refused.error().log == "token: alg is not RS256, which its key is for");
  BOOST_TEST(!verify_jws(*keys, forged_token(forger, R"({"alg":"RS256","kid":"r"})", "{}")));
  BOOST_TEST(
      !verify_jws(*keys, encoded(R"({"alg":"none","kid":"r"})") + "." + encoded("{}") + "."));
}

BOOST_AUTO_TEST_SUITE_END()
