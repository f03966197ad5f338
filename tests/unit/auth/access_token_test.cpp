// SPDX-License-Identifier: Apache-2.0
#include "auth/access_token.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>
#include <vector>

#include "auth/jws.hpp"
#include "json/writer.hpp"
#include "unit/auth/forged_token.hpp"

using namespace scoreboard;
using namespace scoreboard::auth;
using namespace scoreboard::auth::test;
using std::chrono::microseconds;
using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(access_token)

namespace {

constexpr std::int64_t issued = 1'770'028'200;
const Timestamp now{seconds{issued}};
const UserId user{"7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d17"};
const SessionId session{"00112233445566778899aabbccddeeff"};
const TokenRules rules;

// The claims of a sound token as JSON texts; a test replaces or removes one of them.
struct Claims {
  std::string iss = R"("scoreboard")";
  std::string aud = R"("scoreboard")";
  std::string sub = R"("7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d17")";
  std::string sid = R"("00112233445566778899aabbccddeeff")";
  std::string iat = "1770028200";
  std::string exp = "1770031800";
  std::string nbf = {};

  std::string text() const {
    json::Writer writer;
    writer.begin_object();
    const auto add = [&writer](std::string_view name, const std::string& value) {
      if (!value.empty()) writer.key(name).raw(value);
    };
    add("iss", iss);
    add("aud", aud);
    add("sub", sub);
    add("sid", sid);
    add("iat", iat);
    add("exp", exp);
    add("nbf", nbf);
    return std::move(writer.end_object()).take();
  }
};

std::string signed_claims(std::string_view claims, std::string_view type = "at+jwt") {
  const std::string header =
      R"({"alg":"HS256","kid":"new-key","typ":")" + std::string(type) + "\"}";
  return forged_token(two_keys().first(), header, claims);
}

// The cause for the log; empty when the token was believed.
std::string cause_against(std::string_view token, TokenUse use = TokenUse::access,
                          Timestamp at = now) {
  const auto caller = verify_token(two_keys(), rules, use, token, at);
  if (caller) return "";
  BOOST_TEST((caller.error().code == ErrorCode::unauthenticated));
  BOOST_TEST(caller.error().reason == "");
  BOOST_TEST(caller.error().field == "");
  return caller.error().log;
}

Timestamp at_second(std::int64_t second) {
  return Timestamp{seconds{second}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_token_of_ours_names_its_caller) {
  for (const TokenUse use : {TokenUse::access, TokenUse::realtime}) {
    const auto token =
        issue_token(two_keys(), rules, use, user, session, now + microseconds{999'999});
    const auto caller = verify_token(two_keys(), rules, use, token, now);
    BOOST_TEST_REQUIRE(bool(caller));
    BOOST_TEST((caller->user == user));
    BOOST_TEST((caller->session == session));
    const auto lifetime = use == TokenUse::access ? rules.access_lifetime : rules.realtime_lifetime;
    BOOST_TEST((caller->expires_at == now + lifetime));
  }
}

BOOST_AUTO_TEST_CASE(is_written_as_documented) {
  BOOST_TEST(issue_token(two_keys(), rules, TokenUse::access, user, session, now) ==
             signed_claims(Claims{}.text()));
  const auto realtime = issue_token(two_keys(), rules, TokenUse::realtime, user, session, now);
  const auto caller = verify_token(two_keys(), rules, TokenUse::realtime, realtime, now);
  BOOST_TEST_REQUIRE(bool(caller));
  std::string claims = Claims{.aud = R"("scoreboard-live")", .exp = "1770028260"}.text();
  claims.insert(claims.size() - 1, R"(,"jti":")" + caller->token_id + "\"");
  BOOST_TEST(realtime == signed_claims(claims, "rt+jwt"));
}

BOOST_AUTO_TEST_CASE(no_two_realtime_tokens_are_the_same) {
  const auto id = [](const std::string& token) {
    return verify_token(two_keys(), rules, TokenUse::realtime, token, now)->token_id;
  };
  const auto one = issue_token(two_keys(), rules, TokenUse::realtime, user, session, now);
  const auto other = issue_token(two_keys(), rules, TokenUse::realtime, user, session, now);
  BOOST_TEST(id(one).size() == 32U);
  BOOST_TEST(id(one) != id(other));
  std::string without = Claims{.aud = R"("scoreboard-live")", .exp = "1770028260"}.text();
  BOOST_TEST(cause_against(signed_claims(without, "rt+jwt"), TokenUse::realtime) ==
             "token: jti is no token id");
  // It becomes a file's name.
  without.insert(without.size() - 1, R"(,"jti":"../../0000000000000000000000000000")");
  BOOST_TEST(cause_against(signed_claims(without, "rt+jwt"), TokenUse::realtime) ==
             "token: jti is no token id");
}

BOOST_AUTO_TEST_CASE(the_two_uses_do_not_pass_as_each_other) {
  const auto access = issue_token(two_keys(), rules, TokenUse::access, user, session, now);
  const auto realtime = issue_token(two_keys(), rules, TokenUse::realtime, user, session, now);
  BOOST_TEST(cause_against(access, TokenUse::realtime) == "token: typ is not rt+jwt");
  BOOST_TEST(cause_against(realtime, TokenUse::access) == "token: typ is not at+jwt");
  // Type and audience each suffice.
  const Claims live{.aud = R"("scoreboard-live")", .exp = "1770028260"};
  BOOST_TEST(cause_against(signed_claims(live.text(), "at+jwt")) == "token: another audience");
  BOOST_TEST(cause_against(signed_claims(Claims{.exp = "1770028260"}.text(), "rt+jwt"),
                           TokenUse::realtime) == "token: another audience");
}

BOOST_AUTO_TEST_CASE(each_claim_is_checked) {
  struct Violation {
    Claims claims;
    std::string cause;
  };
  const std::string life = "lives longer than allowed";
  const std::string no_user = "sub is no user id";
  const std::string no_session = "sid is no session id";
  const std::string no_expiry = "exp is missing or no time";
  const std::string no_issue = "iat is missing or no time";
  const std::vector<Violation> violations{
      {{.iss = ""}, "another issuer"},
      {{.iss = R"("")"}, "another issuer"},
      {{.iss = R"("Scoreboard")"}, "another issuer"},
      {{.iss = R"("scoreboard ")"}, "another issuer"},
      {{.iss = R"(["scoreboard"])"}, "another issuer"},
      {{.iss = "null"}, "another issuer"},
      {{.aud = ""}, "another audience"},
      {{.aud = R"("")"}, "another audience"},
      {{.aud = R"("scoreboard-live")"}, "another audience"},
      {{.aud = R"("SCOREBOARD")"}, "another audience"},
      {{.aud = R"(["scoreboard"])"}, "another audience"},
      {{.aud = R"(["scoreboard","scoreboard-live"])"}, "another audience"},
      {{.aud = "null"}, "another audience"},
      {{.sub = ""}, no_user},
      {{.sub = R"("")"}, no_user},
      {{.sub = R"("7F3B1C9E-0D52-4A86-9C41-2E6F8B0A5D17")"}, no_user},
      {{.sub = R"("7f3b1c9e0d524a869c412e6f8b0a5d17")"}, no_user},
      {{.sub = R"("7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d1")"}, no_user},
      {{.sub = R"("7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d177")"}, no_user},
      {{.sub = R"("7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d1g")"}, no_user},
      {{.sub = R"("7f3b1c9e-0d52-4a86-9c412e6f8b0a5-d17")"}, no_user},
      {{.sub = R"("{7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d}")"}, no_user},
      {{.sub = R"("admin")"}, no_user},
      {{.sub = "1"}, no_user},
      {{.sub = R"(["7f3b1c9e-0d52-4a86-9c41-2e6f8b0a5d17"])"}, no_user},
      {{.sid = ""}, no_session},
      {{.sid = R"("")"}, no_session},
      {{.sid = R"("00112233445566778899AABBCCDDEEFF")"}, no_session},
      {{.sid = R"("00112233445566778899aabbccddeef")"}, no_session},
      {{.sid = R"("00112233445566778899aabbccddeeff0")"}, no_session},
      {{.sid = R"("00112233445566778899aabbccddeefg")"}, no_session},
      {{.sid = "0"}, no_session},
      {{.iat = ""}, no_issue},
      {{.iat = "null"}, no_issue},
      {{.iat = R"("1770028200")"}, no_issue},
      {{.iat = "1770028200.0"}, no_issue},
      {{.iat = "1.7700282e9"}, no_issue},
      {{.iat = "-1"}, no_issue},
      {{.iat = "253402300800"}, no_issue},
      {{.iat = "1770028261"}, "iat is in the future"},
      {{.exp = ""}, no_expiry},
      {{.exp = "null"}, no_expiry},
      {{.exp = R"("1770031800")"}, no_expiry},
      {{.exp = "1770031800.5"}, no_expiry},
      {{.exp = "1e10"}, no_expiry},
      {{.exp = "-1770031800"}, no_expiry},
      {{.exp = "9223372036854775807"}, no_expiry},
      {{.exp = "18446744073709551616"}, no_expiry},
      {{.exp = "253402300799"}, life},
      {{.exp = "1770031801"}, life},
      {{.exp = "1770028200"}, "exp is not after iat"},
      {{.exp = "0"}, "exp is not after iat"},
      {{.iat = "1770024594", .exp = "1770028194"}, "expired"},
      {{.nbf = "1770028206"}, "not valid yet"},
      {{.nbf = R"("1770028200")"}, "nbf is no time"},
      {{.nbf = "null"}, "nbf is no time"},
      {{.nbf = "1.5"}, "nbf is no time"}};
  BOOST_TEST(cause_against(signed_claims(Claims{}.text())) == "");
  BOOST_TEST(cause_against(signed_claims(Claims{.nbf = "1770028200"}.text())) == "");
  for (const auto& [claims, cause] : violations) {
    BOOST_TEST(cause_against(signed_claims(claims.text())) == "token: " + cause, claims.text());
  }
}

BOOST_AUTO_TEST_CASE(the_type_is_checked) {
  for (const char* type : {"JWT", "jwt", "AT+JWT", "application/at+jwt", "at+jwt ", "rt+jwt"}) {
    BOOST_TEST(cause_against(signed_claims(Claims{}.text(), type)) == "token: typ is not at+jwt",
               type);
  }
  BOOST_TEST(cause_against(signed_claims(Claims{}.text(), "")) == "token: typ is no text");
  const auto untyped =
      forged_token(two_keys().first(), R"({"alg":"HS256","kid":"new-key"})", Claims{}.text());
  BOOST_TEST(cause_against(untyped) == "token: typ is not at+jwt");
}

BOOST_AUTO_TEST_CASE(claims_are_one_strict_json_object) {
  const std::string sound = Claims{}.text();
  for (const std::string& claims :
       {std::string(), std::string("[]"), "[" + sound + "]", sound + sound, sound + "x",
        "\xEF\xBB\xBF" + sound, sound.substr(0, sound.size() - 1) + R"(,"sub":"x"})",
        sound.substr(0, sound.size() - 1) + R"(,"\u0073ub":"x"})",
        sound.substr(0, sound.size() - 1) + R"(,"x":"\u0000"})",
        sound.substr(0, sound.size() - 1) + ",\"x\":\"\xFF\"}"}) {
    BOOST_TEST(cause_against(signed_claims(claims)).starts_with("token: claims: JSON: "), claims);
  }
  BOOST_TEST(cause_against(signed_claims(sound.substr(0, sound.size() - 1) + R"(,"x":1})")) == "");
}

BOOST_AUTO_TEST_CASE(expires_five_seconds_after_exp_and_not_a_microsecond_later) {
  const auto token = signed_claims(Claims{}.text());
  const Timestamp exp = at_second(1'770'031'800);
  BOOST_TEST(cause_against(token, TokenUse::access, exp) == "");
  BOOST_TEST(cause_against(token, TokenUse::access, exp + seconds{5} - microseconds{1}) == "");
  BOOST_TEST(cause_against(token, TokenUse::access, exp + seconds{5}) == "token: expired");
}

BOOST_AUTO_TEST_CASE(may_come_from_a_clock_that_is_up_to_a_minute_ahead) {
  const auto token = signed_claims(Claims{}.text());
  BOOST_TEST(cause_against(token, TokenUse::access, now - seconds{60}) == "");
  BOOST_TEST(cause_against(token, TokenUse::access, now - seconds{60} - microseconds{1}) ==
             "token: iat is in the future");
}

BOOST_AUTO_TEST_CASE(not_before_has_the_same_five_seconds) {
  const auto token = signed_claims(Claims{.nbf = "1770028205"}.text());
  BOOST_TEST(cause_against(token, TokenUse::access, now) == "");
  BOOST_TEST(cause_against(token, TokenUse::access, now - microseconds{1}) ==
             "token: not valid yet");
}

BOOST_AUTO_TEST_CASE(lives_as_long_as_configured_and_no_longer) {
  TokenRules short_rules;
  short_rules.access_lifetime = seconds{600};
  const auto hour = issue_token(two_keys(), rules, TokenUse::access, user, session, now);
  const auto refused = verify_token(two_keys(), short_rules, TokenUse::access, hour, now);
  BOOST_TEST_REQUIRE(!refused);
  BOOST_TEST(refused.error().log == "token: lives longer than allowed");
  const auto fitting = issue_token(two_keys(), short_rules, TokenUse::access, user, session, now);
  BOOST_TEST(bool(verify_token(two_keys(), short_rules, TokenUse::access, fitting, now)));
}

BOOST_AUTO_TEST_CASE(another_installation_s_tokens_are_refused) {
  TokenRules other;
  other.issuer = "another";
  const auto token = issue_token(two_keys(), other, TokenUse::access, user, session, now);
  BOOST_TEST(cause_against(token) == "token: another issuer");
}

BOOST_AUTO_TEST_CASE(rotation_keeps_old_tokens_good_until_their_key_goes) {
  auto before = with_new_key("", "2026-02-02");
  BOOST_TEST_REQUIRE(bool(before));
  const auto old_keys = KeySet::parse(*before);
  const auto token = issue_token(*old_keys, rules, TokenUse::access, user, session, now);
  auto after = with_new_key(*before, "2026-03-02");
  BOOST_TEST_REQUIRE(bool(after));
  BOOST_TEST(bool(verify_token(*KeySet::parse(*after), rules, TokenUse::access, token, now)));
  const auto fresh_keys = KeySet::parse(*with_new_key("", "2026-04-02"));
  BOOST_TEST(!verify_token(*fresh_keys, rules, TokenUse::access, token, now));
}

BOOST_AUTO_TEST_CASE(no_cause_repeats_the_token) {
  const auto token = signed_claims(Claims{.sub = R"("who-am-i")"}.text());
  const auto cause = cause_against(token);
  BOOST_TEST(cause.find("who-am-i") == std::string::npos);
  BOOST_TEST(cause.find(token.substr(0, 20)) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
