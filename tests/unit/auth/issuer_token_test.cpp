// SPDX-License-Identifier: Apache-2.0
// The claims of another issuer's token; its signature by public keys is
// signature_vectors_test.cpp's and, through Nginx, tests/e2e/test_exchange.py's.
#include "auth/issuer_token.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "unit/auth/forged_token.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;
using namespace scoreboard::auth::test;
using std::chrono::microseconds;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(issuer_token)

namespace {

const Timestamp now{seconds{1'770'028'200}};
const IssuerRules rules{
    .issuer = "https://a.example", .audience = "us", .username_claim = "preferred_username"};

// The set is asked for nothing but signatures, so that secrets do for these tests.
VerificationKeys keys() {
  constexpr std::array wanted{Algorithm::hs256};
  return *VerificationKeys::parse(
      R"({"kty":"oct","kid":"new-key","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"})", wanted);
}

struct Claims {
  std::string iss = R"("https://a.example")";
  std::string aud = R"("us")";
  std::string sub = R"("auth0|42")";
  std::string iat = "1770028200";
  std::string exp = "1770031800";
  std::string nbf = {};
  std::string wish = R"("ana")";

  std::string text() const {
    std::string all;
    for (const auto& [name, value] : {std::pair{"iss", iss},
                                      {"aud", aud},
                                      {"sub", sub},
                                      {"iat", iat},
                                      {"exp", exp},
                                      {"nbf", nbf},
                                      {"preferred_username", wish}}) {
      if (value.empty()) continue;
      all += (all.empty() ? "\"" : ",\"") + std::string(name) + "\":" + value;
    }
    return "{" + all + "}";
  }
};

std::string signed_claims(const std::string& claims, const std::string& type = R"(,"typ":"JWT")") {
  return forged_token(two_keys().first(), R"({"alg":"HS256","kid":"new-key")" + type + "}", claims);
}

// The cause for the log; empty when the token was believed.
std::string cause_against(const std::string& token, Timestamp at = now) {
  const auto caller = verify_issuer_token(keys(), rules, token, at);
  if (caller) return "";
  BOOST_TEST((caller.error().code == ErrorCode::unauthenticated));
  BOOST_TEST(caller.error().reason == "");
  return caller.error().log;
}

}  // namespace

BOOST_AUTO_TEST_CASE(tells_who_somebody_is) {
  const auto caller = verify_issuer_token(keys(), rules, signed_claims(Claims{}.text()), now);
  BOOST_TEST_REQUIRE(bool(caller));
  BOOST_TEST(caller->issuer == "https://a.example");
  BOOST_TEST(caller->subject == "auth0|42");
  BOOST_TEST(caller->username == "ana");
}

BOOST_AUTO_TEST_CASE(a_wish_is_only_a_wish) {
  for (const char* wish : {"", "7", "null", R"(["ana"])"}) {
    const auto caller =
        verify_issuer_token(keys(), rules, signed_claims(Claims{.wish = wish}.text()), now);
    BOOST_TEST_REQUIRE(bool(caller));
    BOOST_TEST(caller->username == "");
  }
  IssuerRules without = rules;
  without.username_claim = "";
  const auto caller = verify_issuer_token(keys(), without, signed_claims(Claims{}.text()), now);
  BOOST_TEST_REQUIRE(bool(caller));
  BOOST_TEST(caller->username == "");
}

BOOST_AUTO_TEST_CASE(each_rule_alone_refuses) {
  const std::string no_aud = "another audience";
  const std::string no_sub = "sub is missing or no subject";
  const std::string no_iat = "iat is missing or no time";
  const std::string no_exp = "exp is missing or no time";
  const std::vector<std::pair<Claims, std::string>> violations{
      {{.iss = ""}, "another issuer"},
      {{.iss = R"("https://A.example")"}, "another issuer"},
      {{.iss = R"("https://a.example/")"}, "another issuer"},
      {{.iss = R"(["https://a.example"])"}, "another issuer"},
      {{.aud = ""}, no_aud},
      {{.aud = R"("US")"}, no_aud},
      {{.aud = "[]"}, no_aud},
      {{.aud = R"(["them"])"}, no_aud},
      {{.aud = R"(["us",7])"}, no_aud},
      {{.aud = R"([["us"]])"}, no_aud},
      {{.aud = R"({"us":"us"})"}, no_aud},
      {{.sub = ""}, no_sub},
      {{.sub = R"("")"}, no_sub},
      {{.sub = "42"}, no_sub},
      {{.sub = "\"" + std::string(256, 's') + "\""}, no_sub},
      {{.sub = R"("a\nb")"}, no_sub},
      {{.iat = ""}, no_iat},
      {{.iat = R"("1770028200")"}, no_iat},
      {{.iat = "-1"}, no_iat},
      {{.iat = "1e300"}, no_iat},
      {{.iat = "1770028261"}, "iat is in the future"},
      {{.exp = ""}, no_exp},
      {{.exp = "null"}, no_exp},
      {{.exp = "true"}, no_exp},
      {{.exp = "253402300800"}, no_exp},
      {{.exp = "99999999999999999999"}, no_exp},
      {{.exp = "1770028200"}, "exp is not after iat"},
      {{.exp = "1770031801"}, "lives longer than allowed"},
      {{.exp = "1770031800.5"}, "lives longer than allowed"},
      {{.nbf = "1770028261"}, "not valid yet"},
      {{.nbf = R"("1770028200")"}, "nbf is no time"}};
  BOOST_TEST(cause_against(signed_claims(Claims{}.text())) == "");
  for (const auto& [claims, cause] : violations) {
    BOOST_TEST(cause_against(signed_claims(claims.text())) == "token: " + cause, claims.text());
  }
}

BOOST_AUTO_TEST_CASE(what_the_rfc_leaves_to_issuers_is_taken) {
  for (const Claims& claims : std::vector<Claims>{{.aud = R"(["them","us"])"},
                                                  {.aud = R"(["us"])"},
                                                  {.sub = "\"" + std::string(255, 's') + "\""},
                                                  {.sub = R"("\u00e9\u20ac")"},
                                                  {.iat = "1770028200.25", .exp = "1770028300.75"},
                                                  {.iat = "1.7700282e9"},
                                                  {.iat = "1770028260"},
                                                  {.nbf = "1770028260"}}) {
    BOOST_TEST(cause_against(signed_claims(claims.text())) == "", claims.text());
  }
}

BOOST_AUTO_TEST_CASE(the_leeway_is_a_minute) {
  const auto token = signed_claims(Claims{.exp = "1770028500"}.text());
  const Timestamp over{seconds{1'770'028'560}};
  BOOST_TEST(cause_against(token, over - microseconds{1}) == "");
  BOOST_TEST(cause_against(token, over) == "token: expired");
}

BOOST_AUTO_TEST_CASE(types_for_something_else_are_refused) {
  for (const char* type : {"", R"(,"typ":"JWT")", R"(,"typ":"jwt")", R"(,"typ":"at+jwt")",
                           R"(,"typ":"application/at+JWT")"}) {
    BOOST_TEST(cause_against(signed_claims(Claims{}.text(), type)) == "", type);
  }
  for (const char* type : {"rt+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", "JWT ", "JOSE"}) {
    BOOST_TEST(
        cause_against(signed_claims(Claims{}.text(), R"(,"typ":")" + std::string(type) + "\"")) ==
            "token: typ is neither JWT nor at+jwt",
        type);
  }
}

BOOST_AUTO_TEST_CASE(claims_are_one_strict_json_object) {
  const std::string sound = Claims{}.text();
  for (const std::string& claims :
       {std::string(), "[" + sound + "]", sound + sound,
        sound.substr(0, sound.size() - 1) + R"(,"sub":"other"})",
        sound.substr(0, sound.size() - 1) + R"(,"\u0073ub":"other"})"}) {
    BOOST_TEST(cause_against(signed_claims(claims)).starts_with("token: claims: "), claims);
  }
}

BOOST_AUTO_TEST_CASE(the_claimed_issuer_only_chooses_the_keys) {
  BOOST_TEST(*claimed_issuer(signed_claims(Claims{}.text())) == "https://a.example");
  BOOST_TEST(!claimed_issuer("x"));
  BOOST_TEST(!claimed_issuer(signed_claims("{}")));
  BOOST_TEST(!claimed_issuer(signed_claims(R"({"iss":7})")));
}

BOOST_AUTO_TEST_SUITE_END()
