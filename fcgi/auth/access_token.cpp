// SPDX-License-Identifier: Apache-2.0
#include "auth/access_token.hpp"

#include <optional>
#include <utility>

#include "auth/jws.hpp"
#include "auth/text_form.hpp"
#include "crypto/random.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"

namespace scoreboard::auth {
namespace {

using std::chrono::seconds;

// Hosts that keep time by NTP differ by milliseconds; five seconds outlast a step. The customary
// minute would double the life of a realtime token.
constexpr seconds expiry_leeway{5};
// A token from the future is harmless as long as its life is bounded, but a clock that is a
// minute ahead is a broken host, and its tokens should be noticed.
constexpr seconds issue_leeway{60};
// 9999-12-31T23:59:59Z: what follows cannot overflow the microseconds.
constexpr std::int64_t seconds_max = 253'402'300'799;

struct Profile {
  std::string_view type;      // the header's "typ"
  std::string_view audience;  // the claim "aud"
  seconds lifetime;
};

Profile profile_of(const TokenRules& rules, TokenUse use) {
  switch (use) {
    case TokenUse::access:
      return {"at+jwt", "scoreboard", rules.access_lifetime};
    case TokenUse::realtime:
      return {"rt+jwt", "scoreboard-live", rules.realtime_lifetime};
  }
  return {};
}

constexpr std::size_t token_id_bytes = 16;

bool is_token_id(std::string_view text) {
  return text.size() == 2 * token_id_bytes &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Error refused(std::string cause) {
  return {.code = ErrorCode::unauthenticated, .log = "token: " + std::move(cause)};
}

std::optional<std::string> text_claim(const json::Value& claims, std::string_view name) {
  const auto claim = claims.find(name);
  if (!claim || !claim->is_string()) return std::nullopt;
  return claim->string();
}

// A NumericDate. RFC 7519 allows fractions; ours are whole.
std::optional<Timestamp> time_claim(const json::Value& claims, std::string_view name) {
  const auto claim = claims.find(name);
  if (!claim || !claim->is_integer()) return std::nullopt;
  const std::int64_t value = claim->integer();
  if (value < 0 || value > seconds_max) return std::nullopt;
  return Timestamp{seconds{value}};
}

Result<Timestamp> check_times(const json::Value& claims, const Profile& profile, Timestamp now) {
  const auto issued = time_claim(claims, "iat");
  if (!issued) return refused("iat is missing or no time");
  const auto expires = time_claim(claims, "exp");
  if (!expires) return refused("exp is missing or no time");
  if (*issued > now + issue_leeway) return refused("iat is in the future");
  if (*expires <= *issued) return refused("exp is not after iat");
  if (*expires - *issued > profile.lifetime) return refused("lives longer than allowed");
  if (now >= *expires + expiry_leeway) {
    Error expired = refused("expired");
    expired.failure = AuthFailure::expired_token;
    return expired;
  }
  if (claims.find("nbf")) {
    const auto begins = time_claim(claims, "nbf");
    if (!begins) return refused("nbf is no time");
    if (now + expiry_leeway < *begins) return refused("not valid yet");
  }
  return *expires;
}

}  // namespace

std::string issue_token(const KeySet& keys, const TokenRules& rules, TokenUse use,
                        const UserId& user, const SessionId& session, Timestamp now) {
  const Profile profile = profile_of(rules, use);
  const seconds issued = std::chrono::floor<seconds>(now).time_since_epoch();
  json::Writer claims;
  claims.begin_object();
  claims.key("iss").string(rules.issuer).key("aud").string(profile.audience);
  claims.key("sub").string(user.str()).key("sid").string(session.str());
  claims.key("iat").number(issued.count());
  claims.key("exp").number((issued + profile.lifetime).count());
  if (use == TokenUse::realtime) claims.key("jti").string(crypto::random_hex(token_id_bytes));
  claims.end_object();
  return sign_jws(keys.first(), {std::string(profile.type), std::move(claims).take()});
}

Result<Caller> verify_token(const KeySet& keys, const TokenRules& rules, TokenUse use,
                            std::string_view token, Timestamp now) {
  auto content = verify_jws(keys, token);
  if (!content) return std::move(content).error();
  const Profile profile = profile_of(rules, use);
  if (content->type != profile.type) return refused("typ is not " + std::string(profile.type));
  const auto claims = json::parse_object(content->payload);
  if (!claims) return refused("claims: " + claims.error().log);
  if (text_claim(*claims, "iss") != rules.issuer) return refused("another issuer");
  // One text, not a list: a token is made for one use, and a list could name both.
  if (text_claim(*claims, "aud") != profile.audience) return refused("another audience");
  const auto expires = check_times(*claims, profile, now);
  if (!expires) return expires.error();
  auto user = text_claim(*claims, "sub");
  if (!user || !is_uuid(*user)) return refused("sub is no user id");
  auto session = text_claim(*claims, "sid");
  if (!session || !is_session_id(*session)) return refused("sid is no session id");
  Caller caller{UserId(*std::move(user)), SessionId(*std::move(session)), *expires};
  if (use == TokenUse::realtime) {
    auto id = text_claim(*claims, "jti");
    if (!id || !is_token_id(*id)) return refused("jti is no token id");
    caller.token_id = *std::move(id);
  }
  return caller;
}

}  // namespace scoreboard::auth
