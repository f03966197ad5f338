// SPDX-License-Identifier: Apache-2.0
#include "auth/access_token.hpp"

#include <utility>

#include "auth/claims.hpp"
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
  const auto expires = check_times(*claims,
                                   {.lifetime_max = profile.lifetime,
                                    .expiry_leeway = expiry_leeway,
                                    .issue_leeway = issue_leeway,
                                    .whole_seconds = true},
                                   now);
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
